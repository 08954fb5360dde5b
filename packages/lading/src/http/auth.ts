import type { Secret } from "../config/secret.ts";
import { LadingError } from "../errors/index.ts";
import type { PageRequest } from "./page-request.ts";
import { setParam } from "./url.ts";

/** A text, or a secret that is looked up when it is first needed. */
export type SecretText = string | Secret;

/** What an {@link Auth} is given beside the request. */
export interface AuthContext {
  /** The text of a secret. */
  readonly secret: (value: SecretText) => string;
  /** `true` after a 401: whoever keeps a token renews it. A request that stays the same is not sent again. */
  readonly refused: boolean;
}

/**
 * Puts credentials into a request. Called each time that a request is sent to an origin that they belong to; the result is
 * sent and forgotten.
 */
export type Auth = (request: PageRequest, context: AuthContext) => PageRequest | Promise<PageRequest>;

/** `Authorization: Bearer <token>` */
export function bearer(token: SecretText): Auth {
  return (request, { secret }) => withHeader(request, "authorization", `Bearer ${secret(token)}`);
}

/** HTTP Basic: user name and password in UTF-8. */
export function basic(username: SecretText, password: SecretText): Auth {
  return (request, { secret }) => {
    // A user name is no secret: it is not taken out of messages.
    const name = typeof username === "string" ? username : secret(username);
    if (name.includes(":")) {
      throw new LadingError("INVALID_ARGUMENT", "The user name for HTTP Basic contains a colon, which it cannot.");
    }
    const pair = Buffer.from(`${name}:${secret(password)}`, "utf8").toString("base64");
    return withHeader(request, "authorization", `Basic ${pair}`);
  };
}

/** Where and under which name an API key is sent. */
export interface ApiKeyOptions {
  readonly apiKey: SecretText;
  /** Name of the header, param or cookie. Default: `Authorization`. */
  readonly name?: string;
  /** `param` is the same as `query`. Default: `header`. */
  readonly location?: "header" | "query" | "param" | "cookie";
}

/** A key in a header, a query parameter (set, never added twice) or a cookie. */
export function apiKey({ apiKey: key, name = "Authorization", location = "header" }: ApiKeyOptions): Auth {
  return (request, { secret }) => {
    const value = secret(key);
    switch (location) {
      case "header":
        return withHeader(request, name, value);
      case "query":
      case "param":
        return { ...request, url: setParam(request.url, name, value) };
      case "cookie":
        return withCookie(request, name, value);
    }
  };
}

function withHeader(request: PageRequest, name: string, value: string): PageRequest {
  const lower = name.toLowerCase();
  const others = Object.entries(request.headers).filter(([other]) => other.toLowerCase() !== lower);
  return { ...request, headers: { ...Object.fromEntries(others), [lower]: value } };
}

function withCookie(request: PageRequest, name: string, value: string): PageRequest {
  const present = Object.entries(request.headers).find(([other]) => other.toLowerCase() === "cookie")?.[1];
  const cookie = `${name}=${encodeURIComponent(value)}`;
  return withHeader(request, "cookie", present === undefined || present === "" ? cookie : `${present}; ${cookie}`);
}
