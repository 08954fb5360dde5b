import { LadingError } from "../errors/index.ts";
import { redactUrl } from "./redact.ts";
import type { HttpResponse } from "./response.ts";
import { isAbsolute } from "./url.ts";

export const maxRedirects = 10;

/** Where a redirect leads, and whether the credentials may go along. */
export interface RedirectTarget {
  readonly url: string;
  readonly keepCredentials: boolean;
}

/**
 * What to do about an answer with a redirect status; `undefined` for any other answer. Only GET is sent again. From https
 * to http nothing is. Another origin gets no credentials; the same host's step from http to https is not another one.
 *
 * @throws HTTP_REDIRECT_REFUSED
 */
export function redirectTarget(method: string, response: HttpResponse): RedirectTarget | undefined {
  const { status, headers, url } = response;
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  const from = redactUrl(url);
  const location = headers["location"] ?? "";
  if (location === "" || !URL.canParse(location, url)) {
    throw new LadingError("HTTP_REDIRECT_REFUSED", `${from} redirects (${status}) without saying where.`);
  }
  const target = new URL(location, url);
  target.username = "";
  target.password = "";
  const to = redactUrl(target.href);
  if (!isAbsolute(target.href)) {
    throw new LadingError("HTTP_REDIRECT_REFUSED", `${from} redirects to ${to}, which is no http address.`);
  }
  if (method !== "GET") {
    throw new LadingError("HTTP_REDIRECT_REFUSED", `${from} redirects a ${method} request to ${to}.`);
  }
  const source = new URL(url);
  if (source.protocol === "https:" && target.protocol === "http:") {
    throw new LadingError("HTTP_REDIRECT_REFUSED", `${from} redirects to ${to}, from https to plain http.`);
  }
  const upgraded = source.hostname === target.hostname && source.port === "" && target.port === "";
  return { url: target.href, keepCredentials: source.origin === target.origin || upgraded };
}
