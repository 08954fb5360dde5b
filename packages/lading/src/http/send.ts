import { cleanError } from "../config/clean-error.ts";
import { LadingError } from "../errors/index.ts";
import { retry } from "../util/retry.ts";
import type { SecretText } from "./auth.ts";
import type { RetryNotice } from "./client-options.ts";
import { type Agents, exchange, type WireRequest } from "./exchange.ts";
import type { PageRequest } from "./page-request.ts";
import { type Belongings, prepare, type Prepared, publicHeaders } from "./prepare.ts";
import { redactUrl } from "./redact.ts";
import { maxRedirects, redirectTarget } from "./redirect.ts";
import type { HttpResponse } from "./response.ts";
import { retryAfter, retryDelay, type RetryPolicy } from "./retry-policy.ts";
import { statusError } from "./status-error.ts";
import type { Timeouts } from "./timeouts.ts";
import { hasParam, originOf, setParam } from "./url.ts";

/** All that sending depends on, from a client. */
export interface SendSettings {
  readonly agents: Agents;
  readonly timeouts: Timeouts;
  readonly retry: RetryPolicy;
  readonly maxBodyBytes: number;
  readonly secret: (value: SecretText) => string;
  /** Takes known secrets out of a text. */
  readonly clean: (text: string) => string;
  readonly onRetry: ((notice: RetryNotice) => void) | undefined;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly now: () => number;
  readonly random: () => number;
}

export interface SendOptions {
  /** `true`: done twice it does no more than done once, so it may be tried again after a doubtful end. */
  readonly idempotent: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** An answer below 400, and the params of its request that were credentials. */
export interface Sent {
  readonly response: HttpResponse;
  readonly credentialParams: Prepared["credentialParams"];
}

/**
 * Sends a request with its belongings, follows redirects, and tries again where that can help.
 *
 * @throws the HTTP errors of the catalog; the signal's reason
 */
export async function send(
  request: PageRequest,
  belongings: Belongings,
  settings: SendSettings,
  options: SendOptions,
): Promise<Sent> {
  let tries = 0;
  const attempt = async (): Promise<Sent> => {
    tries += 1;
    try {
      return await sendOnce(request, belongings, settings, options);
    } catch (error) {
      // A server may put credentials anywhere: into a header, an address, the body of an error.
      throw cleanError(error, settings.clean);
    }
  };
  const delay = (failed: number, error: unknown): number | undefined => {
    if (!LadingError.is(error)) return undefined;
    const { idempotent } = options;
    const wait = retryDelay(error, { attempt: failed, idempotent, policy: settings.retry, random: settings.random });
    if (wait !== undefined) settings.onRetry?.({ attempt: failed, wait, error });
    return wait;
  };
  try {
    const attempts = Math.max(1, settings.retry.attempts);
    return await retry(attempt, { attempts, delay, sleep: settings.sleep, signal: options.signal });
  } catch (error) {
    if (!LadingError.is(error) || tries < 2) throw error;
    throw new LadingError(error.code, `${error.message} (${tries} attempts)`, {
      cause: error.cause,
      hint: error.hint,
      details: { ...error.details, attempts: tries },
    });
  }
}

async function sendOnce(
  request: PageRequest,
  belongings: Belongings,
  settings: SendSettings,
  options: SendOptions,
): Promise<Sent> {
  const { secret, clean } = settings;
  let prepared = await prepare(request, belongings, { secret, refused: false });
  let response = await follow(prepared, belongings, settings, options);
  if (response.status === 401 && belongings.auth !== undefined) {
    const renewed = await prepare(request, belongings, { secret, refused: true });
    if (JSON.stringify(renewed.wire) !== JSON.stringify(prepared.wire)) {
      prepared = renewed;
      response = await follow(prepared, belongings, settings, options);
    }
  }
  const error = statusError(response, { clean, retryAfter: retryAfter(response, settings.now()) });
  if (error !== undefined) throw error;
  return { response, credentialParams: prepared.credentialParams };
}

async function follow(
  prepared: Prepared,
  belongings: Belongings,
  settings: SendSettings,
  options: SendOptions,
): Promise<HttpResponse> {
  let { wire } = prepared;
  let credentials = true;
  for (let hops = 0; ; hops++) {
    const response = await exchangeFresh(wire, settings, options);
    const target = redirectTarget(wire.method, response);
    if (target === undefined) return response;
    if (hops === maxRedirects) {
      const from = redactUrl(prepared.wire.url);
      throw new LadingError("HTTP_TOO_MANY_REDIRECTS", `${from} leads to more than ${maxRedirects} redirects.`);
    }
    credentials &&= target.keepCredentials || belongings.origins.has(originOf(target.url));
    wire = redirected(wire, target.url, credentials ? prepared.credentialParams : undefined);
  }
}

/** The request at its new address; without credentials it is as anybody would send it. */
function redirected(
  wire: WireRequest,
  to: string,
  credentialParams: Prepared["credentialParams"] | undefined,
): WireRequest {
  if (credentialParams === undefined) return { method: "GET", url: to, headers: publicHeaders };
  const missing = credentialParams.filter(([name]) => !hasParam(to, name));
  return { ...wire, url: missing.reduce((url, [name, value]) => setParam(url, name, value), to) };
}

/**
 * A kept-alive connection may have been closed by the server while the request was on its way. That says nothing about the
 * server, so the request goes out once more at once, on a connection of its own.
 */
async function exchangeFresh(wire: WireRequest, settings: SendSettings, options: SendOptions): Promise<HttpResponse> {
  const { agents, timeouts, maxBodyBytes } = settings;
  const { signal } = options;
  try {
    return await exchange(wire, { agents, timeouts, maxBodyBytes, signal });
  } catch (error) {
    const stale = LadingError.is(error, "HTTP_CONNECTION") && error.details["stale"] === true;
    if (!stale || !options.idempotent) throw error;
    return exchange(wire, { agents: undefined, timeouts, maxBodyBytes, signal });
  }
}
