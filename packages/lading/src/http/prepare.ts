import { validateHeaderName, validateHeaderValue } from "node:http";
import { isSecret } from "../config/secret.ts";
import { LadingError } from "../errors/index.ts";
import type { Auth, SecretText } from "./auth.ts";
import { acceptEncoding } from "./decode-body.ts";
import type { WireRequest } from "./exchange.ts";
import type { PageRequest } from "./page-request.ts";
import { isSecretName } from "../config/secret-name.ts";
import { redactUrl } from "./redact.ts";
import { hasParam, originOf, paramsOf, setParam } from "./url.ts";

/** What belongs to every request of a chain, and to its origins only. */
export interface Belongings {
  readonly origins: ReadonlySet<string>;
  /** Later ones win. Names in any case. */
  readonly headers: readonly Readonly<Record<string, SecretText>>[];
  /** Query parameters that are set where the request lacks them. */
  readonly params: Readonly<Record<string, SecretText>>;
  readonly auth: Auth | undefined;
}

/** A request ready to be sent, and which of its params are credentials. */
export interface Prepared {
  readonly wire: WireRequest;
  readonly credentialParams: readonly (readonly [name: string, value: string])[];
}

/** What is sent to anybody. */
export const publicHeaders: Readonly<Record<string, string>> = {
  accept: "application/json",
  "accept-encoding": acceptEncoding,
  "user-agent": "lading",
};

/**
 * Puts everything into a request that is not kept in its position: the client's headers, secret params, auth.
 *
 * @throws HTTP_FOREIGN_ORIGIN
 */
export async function prepare(
  request: PageRequest,
  belongings: Belongings,
  context: { readonly secret: (value: SecretText) => string; readonly refused: boolean },
): Promise<Prepared> {
  assertOrigin(request, belongings.origins);
  const { secret } = context;
  const headers: Record<string, string> = { ...publicHeaders };
  for (const group of [...belongings.headers, request.headers]) {
    for (const [name, value] of Object.entries(group)) headers[name.toLowerCase()] = headerText(name, value, secret);
  }
  let { url } = request;
  for (const [name, value] of Object.entries(belongings.params)) {
    if (!hasParam(url, name)) url = setParam(url, name, secret(value));
  }
  const bare: PageRequest = { ...request, url, headers };
  const authorized = belongings.auth === undefined ? bare : await belongings.auth(bare, context);
  if (originOf(authorized.url) !== originOf(url)) assertOrigin(authorized, belongings.origins);

  assertHeaders(authorized.headers);

  const { json } = authorized;
  const typed = json === undefined ? {} : { "content-type": "application/json" };
  const wire: WireRequest = {
    method: authorized.method,
    url: authorized.url,
    headers: { ...typed, ...authorized.headers },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  };
  return { wire, credentialParams: addedParams(request.url, authorized.url) };
}

function assertOrigin(request: PageRequest, origins: ReadonlySet<string>): void {
  const origin = originOf(request.url);
  if (origins.has(origin)) return;
  throw new LadingError(
    "HTTP_FOREIGN_ORIGIN",
    `A request would go to ${redactUrl(request.url)}, but this client belongs to ${[...origins].join(", ")}.`,
    {
      hint: `If you trust it, add "${origin}" to the client's allowedOrigins.`,
      details: { origin, origins: [...origins] },
    },
  );
}

/** What is asked of `secret` is taken out of messages later, so an ordinary header's text must not be. */
function headerText(name: string, value: SecretText, secret: (value: SecretText) => string): string {
  return isSecret(value) || isSecretName(name) ? secret(value) : value;
}

function assertHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw new LadingError("INVALID_ARGUMENT", `The header "${name}" contains characters that a header cannot have.`);
    }
  }
}

function addedParams(before: string, after: string): readonly (readonly [string, string])[] {
  if (before === after) return [];
  const known = new Set(paramsOf(before).map((pair) => JSON.stringify(pair)));
  return paramsOf(after).filter((pair) => !known.has(JSON.stringify(pair)));
}
