import type { Secret } from "../config/secret.ts";
import type { LadingError } from "../errors/index.ts";
import type { Auth, SecretText } from "./auth.ts";
import type { Agents } from "./exchange.ts";
import type { NextRequest, Paginator } from "./paginators/index.ts";
import type { RetryPolicy } from "./retry-policy.ts";
import type { Timeouts } from "./timeouts.ts";

/** A failed attempt that is made again after a wait. */
export interface RetryNotice {
  /** The number of the failed attempt, from 1. */
  readonly attempt: number;
  /** Milliseconds. */
  readonly wait: number;
  readonly error: LadingError;
}

/** What an `HttpClient` is made with. */
export interface HttpClientOptions {
  /** Paths are appended to it. Credentials belong into `auth`, not in here. */
  readonly baseUrl: string;
  /** Sent with each request to an origin that the credentials belong to. */
  readonly headers?: Readonly<Record<string, SecretText>>;
  readonly auth?: Auth;
  /** Default: `auto()`. */
  readonly paginator?: Paginator | NextRequest;
  /** Origins beside the base URL's that links may lead to, and that get the credentials: `https://eu.api.example.com`. */
  readonly allowedOrigins?: readonly string[];
  readonly timeouts?: Partial<Timeouts>;
  readonly retry?: Partial<RetryPolicy>;
  /** The largest answer, packed and unpacked, in bytes. Default: 256 MiB. */
  readonly maxBodyBytes?: number;
  /** Looks up a secret. Without it only texts can be used. */
  readonly secret?: (secret: Secret) => string;
  /** Told of credentials that were given as texts, so that others keep them out of messages too. */
  readonly keepSecret?: (name: string, value: string) => void;
  readonly onRetry?: (notice: RetryNotice) => void;
  /** Connections to share with other clients. Default: its own. */
  readonly agents?: Agents;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Milliseconds since 1970, for `Retry-After` dates. */
  readonly now?: () => number;
  /** From 0 to 1, for the spread of waits. */
  readonly random?: () => number;
}
