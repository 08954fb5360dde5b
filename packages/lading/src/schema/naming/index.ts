export { type ConventionName } from "./conventions.ts";
export { namingConvention } from "./naming-convention.ts";
export { maxSchemaNameLength, normalizeSchemaName, schemaNameFrom } from "./schema-name.ts";
