import type { Step } from "./context.ts";

/** The root authority. The deployer is its first admin and loses that in step 7. */
export const accessManager: Step = {
  name: "01-access-manager",
  run: async ({ config, ensureContract }) => {
    await ensureContract("accessManager", "AccessManager", [config.deployer]);
  },
};
