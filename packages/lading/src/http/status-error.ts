import { type ErrorCode, LadingError } from "../errors/index.ts";
import { redactUrl } from "./redact.ts";
import type { HttpResponse } from "./response.ts";

/**
 * The error that an answer is, or `undefined` when its status is below 400.
 *
 * @param options.clean takes known secrets out of the quoted beginning of the body
 * @param options.retryAfter milliseconds, as the server asked for; it is put into the details
 */
export function statusError(
  response: HttpResponse,
  options: { readonly clean: (text: string) => string; readonly retryAfter?: number | undefined },
): LadingError | undefined {
  const { status } = response;
  const { clean, retryAfter } = options;
  if (status < 400) return undefined;
  const from = clean(redactUrl(response.url));
  // Cleaned before it is cut: half a secret is not known as one.
  const said = excerpt(clean(response.body.subarray(0, 16_384).toString("utf8")).slice(0, 2048));
  const wait = retryAfter === undefined ? "" : ` It asks to wait ${Math.ceil(retryAfter / 1000)} s.`;
  const message = `${from} answered ${status}${said === "" ? "." : `: ${said}`}${wait}`;
  const details = { status, url: from, ...(retryAfter === undefined ? {} : { retryAfter }) };
  return new LadingError(codeOf(status), message, { details });
}

function codeOf(status: number): ErrorCode {
  switch (status) {
    case 401:
      return "HTTP_UNAUTHORIZED";
    case 403:
      return "HTTP_FORBIDDEN";
    case 404:
      return "HTTP_NOT_FOUND";
    case 429:
      return "HTTP_RATE_LIMITED";
    default:
      return status >= 500 ? "HTTP_SERVER_ERROR" : "HTTP_CLIENT_ERROR";
  }
}

/** The beginning of a text in one line, at most 200 characters. */
export function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= 200 ? line : `${line.slice(0, 200)}…`;
}
