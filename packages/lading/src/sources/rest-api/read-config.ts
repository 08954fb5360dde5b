import { LadingError } from "../../errors/index.ts";
import type { EndpointConfig, ResourceConfig, RestApiConfig } from "./config.ts";
import { configShape } from "./shapes.ts";

/** A configuration that was checked; every resource in its long form. */
export interface CheckedConfig extends RestApiConfig {
  readonly resources: readonly CheckedResource[];
}

export interface CheckedResource extends ResourceConfig {
  readonly endpoint?: EndpointConfig;
}

/**
 * Checks a configuration, in either spelling, and gives it in camelCase.
 *
 * @throws REST_CONFIG_INVALID, which lists everything that is wrong
 */
export function readConfig(config: unknown, spelling: "camelCase" | "snake_case"): CheckedConfig {
  const problems: string[] = [];
  const checked = configShape(config, { path: "", spelling, problems });
  if (problems.length > 0) throw configInvalid(problems);
  return checked as CheckedConfig;
}

export function configInvalid(problems: readonly string[], name?: string): LadingError {
  const what =
    name === undefined ? "The configuration of the REST source" : `The configuration of the REST source "${name}"`;
  const message =
    problems.length === 1 ? `${what}: ${problems[0]}` : `${what}:\n${problems.map((one) => `  ${one}`).join("\n")}`;
  return new LadingError("REST_CONFIG_INVALID", message, { details: { problems } });
}
