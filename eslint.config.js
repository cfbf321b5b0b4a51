import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "node_modules/",
      "artifacts/",
      "cache/",
      "coverage/",
      "**/dist/",
      "typechain-types/",
      "sdk/src/abi/",
      "examples/",
      "deployments/",
    ],
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strict],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      // An index that was just checked is not undefined; `noUncheckedIndexedAccess` cannot see that.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      eqeqeq: ["error", "always"],
      "no-restricted-syntax": [
        "error",
        {
          selector: "TSEnumDeclaration",
          message: "Node strips types and cannot run an enum; use a const object.",
        },
        { selector: "TSModuleDeclaration[kind='namespace']", message: "Use a module." },
        { selector: "TSParameterProperty", message: "Node strips types; declare the field." },
        { selector: "ExportDefaultDeclaration", message: "Export by name." },
        {
          selector: "ClassDeclaration:not([superClass])",
          message: "No classes save errors; write functions.",
        },
      ],
    },
  },
  { files: ["hardhat.config.ts"], rules: { "no-restricted-syntax": "off" } },
  {
    // chai's assertions are expressions.
    files: ["test/**/*.ts", "sdk/test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
);
