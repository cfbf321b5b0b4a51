import { filesOf, textOf, type Check } from "./core.ts";

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

interface Lock {
  readonly packages: Record<
    string,
    Manifest & { version?: string; resolved?: string; integrity?: string; link?: true }
  >;
}

const isExact = (version: string): boolean => /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version);

/** Versions are exact, the lock agrees with the manifests, pins every byte, and names no registry. */
export const lockfile: Check = {
  name: "lockfile",
  run: (root) => {
    const problems: string[] = [];
    const lock = JSON.parse(textOf(root, "package-lock.json")) as Lock;
    const manifests = filesOf(root).filter((path) => /^([\w-]+\/)?package\.json$/.test(path));
    for (const path of manifests) {
      const manifest = JSON.parse(textOf(root, path)) as Manifest;
      const locked = lock.packages[path.replace(/\/?package\.json$/, "")];
      for (const kind of ["dependencies", "devDependencies", "optionalDependencies"] as const) {
        for (const [name, version] of Object.entries(manifest[kind] ?? {})) {
          if (!isExact(version)) problems.push(`${path}: ${name} is not pinned (${version})`);
          if (locked?.[kind]?.[name] !== version)
            problems.push(`package-lock.json does not have ${name} ${version}`);
        }
      }
    }
    for (const [path, entry] of Object.entries(lock.packages)) {
      if (entry.resolved !== undefined && entry.link !== true)
        problems.push(`${path} names where it came from`);
      const isPackage = path.includes("node_modules/") && entry.link !== true;
      if (isPackage && entry.integrity === undefined) problems.push(`${path} has no integrity`);
    }
    return problems;
  },
};
