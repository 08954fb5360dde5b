export { type ConventionName } from "./conventions.ts";
export { createNaming, type NamingConvention } from "./create-naming.ts";
export { namingConvention, type NamingConventionOptions, type OwnConvention } from "./own-convention.ts";
export { maxSchemaNameLength, normalizeSchemaName, schemaNameFrom } from "./schema-name.ts";
