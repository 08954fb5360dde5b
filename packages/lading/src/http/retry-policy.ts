import type { LadingError } from "../errors/index.ts";
import type { HttpResponse } from "./response.ts";

/** How failed requests are tried again. Times are in milliseconds. */
export interface RetryPolicy {
  /** In all, the first one included. Default: 5. */
  readonly attempts: number;
  /** The wait after the first failure; it doubles each time. Default: 1 s. */
  readonly backoff: number;
  /** The longest wait of our own. Default: 300 s. */
  readonly maxBackoff: number;
  /** The longest `Retry-After` that is waited for; what is longer fails at once, and says so. Default: 600 s. */
  readonly maxRetryAfter: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  attempts: 5,
  backoff: 1000,
  maxBackoff: 300_000,
  maxRetryAfter: 600_000,
};

/**
 * How long to wait before the next attempt, or `undefined` to give up: after 408, 425, 429 and 5xx, a lost connection, a
 * timeout and a cut answer it is worth trying. What is not idempotent is tried again only where it surely was not done.
 *
 * @param attempt the number of the failed attempt, from 1
 * @param random from 0 to 1: up to half of a wait is taken off, so that clients do not come back all at once
 */
export function retryDelay(
  error: LadingError,
  context: {
    readonly attempt: number;
    readonly idempotent: boolean;
    readonly policy: RetryPolicy;
    readonly random: () => number;
  },
): number | undefined {
  const { attempt, idempotent, policy, random } = context;
  if (!isWorthwhile(error, idempotent)) return undefined;
  const backoff = Math.min(policy.maxBackoff, policy.backoff * 2 ** (attempt - 1)) * (1 - random() / 2);
  const asked = error.details["retryAfter"];
  if (typeof asked !== "number") return Math.round(backoff);
  return asked > policy.maxRetryAfter ? undefined : asked;
}

function isWorthwhile(error: LadingError, idempotent: boolean): boolean {
  const { status, code, permanent } = error.details;
  switch (error.code) {
    case "HTTP_RATE_LIMITED":
      return true;
    case "HTTP_SERVER_ERROR":
      return idempotent || status === 503;
    case "HTTP_CLIENT_ERROR":
      return status === 425 || (idempotent && status === 408);
    case "HTTP_CONNECTION":
      return permanent !== true && (idempotent || code === "ECONNREFUSED" || code === "EAI_AGAIN");
    case "HTTP_TIMEOUT":
      return idempotent || error.details["timeout"] === "connect";
    case "HTTP_TRUNCATED":
      return idempotent;
    default:
      return false;
  }
}

/**
 * The `Retry-After` of an answer in milliseconds, from seconds or a date; `undefined` when there is none to understand.
 *
 * @param now milliseconds since 1970
 */
export function retryAfter(response: HttpResponse, now: number): number | undefined {
  const text = response.headers["retry-after"]?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  if (!/[a-z]/i.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
