import type { RestApiConfig } from "./config.ts";
import { readConfig } from "./read-config.ts";
import { buildSource } from "./rest-api.ts";
import type { RestApiRuntime } from "./runtime.ts";
import type { RestApiSource } from "./types.ts";

/** What dlt's `rest_api_source` takes beside the configuration. */
export interface FromDltOptions {
  /** Name of the source. Default: the document's own `name`, else `rest_api`, as in dlt. */
  readonly name?: string;
}

/**
 * A source from a configuration as dlt writes it, with its snake_case keys: parsed from JSON or YAML, or copied from Python.
 * What dlt has and Lading has not yet is refused by name.
 *
 * @throws REST_CONFIG_INVALID, which lists everything that is wrong
 */
export function restApiFromDlt(
  document: unknown,
  options: FromDltOptions = {},
  runtime: RestApiRuntime = {},
): RestApiSource<RestApiConfig> {
  const isObject = typeof document === "object" && document !== null && !Array.isArray(document);
  const named = isObject ? { name: "rest_api", ...document, ...options } : document;
  return buildSource(readConfig(named, "snake_case"), runtime);
}
