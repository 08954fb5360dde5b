import { LadingError } from "../errors/index.ts";

/**
 * Base and path with exactly one `/` between them (spec dlt-rest 1.6). An empty path gives the base; an absolute http(s)
 * path stands for itself.
 *
 * @throws INVALID_ARGUMENT when the result is no absolute http(s) URL
 */
export function joinUrl(base: string, path: string): string {
  if (isAbsolute(path)) return parseUrl(path).href;
  if (path === "") return parseUrl(base).href;
  return parseUrl(`${base.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`).href;
}

export function isAbsolute(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** @throws INVALID_ARGUMENT */
export function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new LadingError("INVALID_ARGUMENT", `"${text}" is not an absolute http or https URL.`, {
      hint: "Give the client a baseUrl such as https://api.example.com/v1/.",
    });
  }
  return url;
}

/** Scheme, host and port: what credentials are bound to. */
export function originOf(url: string): string {
  return parseUrl(url).origin;
}

type Scalar = string | number | bigint | boolean;

/** Sets a query parameter in place of all of that name; the rest of the query stays byte for byte. */
export function setParam(url: string, name: string, value: Scalar | readonly Scalar[]): string {
  const values = Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar];
  const added = values.map((item) => `${encodeURIComponent(name)}=${encodeURIComponent(String(item))}`);
  return editQuery(url, (pairs) => [...pairs.filter((pair) => nameOf(pair) !== name), ...added]);
}

/** Removes the query parameters for which the test holds; the rest stays byte for byte. */
export function removeParams(url: string, test: (name: string, value: string) => boolean): string {
  return editQuery(url, (pairs) => pairs.filter((pair) => !test(nameOf(pair), valueOf(pair))));
}

/** The query's parameters, decoded, in order. */
export function paramsOf(url: string): readonly (readonly [name: string, value: string])[] {
  return splitQuery(url).pairs.map((pair) => [nameOf(pair), valueOf(pair)] as const);
}

export function hasParam(url: string, name: string): boolean {
  return splitQuery(url).pairs.some((pair) => nameOf(pair) === name);
}

function editQuery(url: string, edit: (pairs: readonly string[]) => readonly string[]): string {
  const { before, pairs, after } = splitQuery(url);
  const edited = edit(pairs);
  return before + (edited.length > 0 ? `?${edited.join("&")}` : "") + after;
}

function splitQuery(url: string): { before: string; pairs: readonly string[]; after: string } {
  const hash = url.indexOf("#");
  const end = hash < 0 ? url.length : hash;
  const mark = url.indexOf("?");
  const start = mark < 0 || mark > end ? end : mark;
  const pairs = url
    .slice(start + 1, end)
    .split("&")
    .filter((pair) => pair !== "");
  return { before: url.slice(0, start), pairs, after: url.slice(end) };
}

function nameOf(pair: string): string {
  const equals = pair.indexOf("=");
  return decode(equals < 0 ? pair : pair.slice(0, equals));
}

function valueOf(pair: string): string {
  const equals = pair.indexOf("=");
  return equals < 0 ? "" : decode(pair.slice(equals + 1));
}

function decode(text: string): string {
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced; // A stray % in a server's link is its own affair.
  }
}
