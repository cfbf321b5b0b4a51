export * from "./getCategory.ts";
export * from "./getCodeSystem.ts";
export { listCategories } from "./listCategories.ts";
export * from "./listCodeSystems.ts";
export * from "./registerCategory.ts";
export * from "./registerCodeSystem.ts";
export * from "./retireCategory.ts";
export * from "./retireCodeSystem.ts";
export * from "./types.ts";
