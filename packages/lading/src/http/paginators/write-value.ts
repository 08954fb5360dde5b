import { LadingError } from "../../errors/index.ts";
import type { Json, JsonObject } from "../../util/json-value.ts";
import type { PageRequest } from "../page-request.ts";
import { setParam } from "../url.ts";

/** Where a paginator writes a value: a query parameter, or a place in the JSON body (keys with dots). */
export type ValueTarget = { readonly param: string } | { readonly bodyPath: string };

/**
 * Exactly one of both; neither means the usual parameter (spec dlt-rest 3.3).
 *
 * @throws INVALID_ARGUMENT
 */
export function valueTarget(
  name: string,
  given: { readonly param: string | undefined; readonly bodyPath: string | undefined },
  usualParam: string,
): ValueTarget {
  const { param, bodyPath } = given;
  if (param === "" || bodyPath === "") throw invalid(`${name}Param and ${name}BodyPath must not be empty.`);
  if (param !== undefined && bodyPath !== undefined) {
    throw invalid(`Either ${name}Param or ${name}BodyPath can be given, not both.`);
  }
  return bodyPath === undefined ? { param: param ?? usualParam } : { bodyPath };
}

/** The request with the value in its place. */
export function writeValue(request: PageRequest, target: ValueTarget, value: string | number | boolean): PageRequest {
  if ("param" in target) return { ...request, url: setParam(request.url, target.param, value) };
  return { ...request, json: setIn(request.json ?? {}, target.bodyPath.split("."), value) };
}

function setIn(json: Json, [key = "", ...rest]: readonly string[], value: Json): JsonObject {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw invalid(`The body has no object in which "${key}" could be set.`);
  }
  const object = json as JsonObject;
  const inner = Object.hasOwn(object, key) ? object[key] : undefined;
  return { ...object, [key]: rest.length === 0 ? value : setIn(inner ?? {}, rest, value) };
}

function invalid(message: string): LadingError {
  return new LadingError("INVALID_ARGUMENT", message);
}
