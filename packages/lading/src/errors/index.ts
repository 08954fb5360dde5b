export { catalog, type CatalogEntry, type ErrorCode } from "./catalog.ts";
export { LadingError, type LadingErrorOptions } from "./error.ts";
