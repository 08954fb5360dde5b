import type { Json } from "../util/json-value.ts";
import { joinUrl, setParam } from "./url.ts";

export type HttpMethod = "GET" | "POST";

/**
 * One request for a page, before auth: plain data, so that it can be kept as the position from which a run goes on.
 * Credentials and the client's own headers are added when it is sent, and are never in it.
 */
export interface PageRequest {
  readonly method: HttpMethod;
  /** Absolute, with the query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: Json;
  /** What the paginator remembers. It is not sent. */
  readonly state?: Json;
}

type Scalar = string | number | bigint | boolean;
/** A list is sent as the name repeated; `null` and `undefined` are not sent. */
export type ParamValue = Scalar | null | undefined | readonly Scalar[];

/** The parts of a request that a path lacks. */
export interface PageRequestParts {
  /** Default: `GET`. */
  readonly method?: HttpMethod;
  readonly params?: Readonly<Record<string, ParamValue>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as the body, with GET too. */
  readonly json?: Json;
}

/**
 * A request from a base, a path and its parts. Params replace those of the same name in the path's own query.
 *
 * @param path appended to the base, or an absolute http(s) URL, which is taken as it is
 * @throws INVALID_ARGUMENT when they make no URL
 */
export function pageRequest(baseUrl: string, path: string, parts: PageRequestParts = {}): PageRequest {
  const { method = "GET", params = {}, headers = {}, json } = parts;
  let url = joinUrl(baseUrl, path);
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null) url = setParam(url, name, value);
  }
  return { method, url, headers, ...(json === undefined ? {} : { json }) };
}
