import { count, type TableName, type World } from "./data/world.ts";
import { envelope, pageOf } from "./envelope.ts";
import { changedSince, sinceOf } from "./changed-since.ts";
import type { RateLimiter, Verdict } from "./rate-limit.ts";
import { failure, jsonReply, type Reply } from "./reply.ts";
import { methodOf } from "./route.ts";

/** A request, as far as the answer depends on it. */
export interface Asked {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Scheme, host and port as the caller named them. */
  readonly origin: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** What an answer is made from, beside the request. */
export interface Service {
  readonly world: World;
  readonly perPage: number;
  readonly username: string;
  readonly authorized: (header: string | undefined) => boolean;
  readonly limiter: RateLimiter;
  /** Requests a minute for a list; `undefined`: as many as one likes. */
  readonly limitOf: (table: TableName) => number | undefined;
  readonly nextLink?: (page: number) => string;
}

/** @returns what the API answers: 404, 405, 401, 429 and 422 in that order of precedence, or a page. */
export function answer(table: TableName | undefined, asked: Asked, service: Service): Reply {
  if (table === undefined) return failure(404, `There is nothing at ${asked.path}.`);
  const method = methodOf(table);
  if (asked.method !== method && !(method === "GET" && asked.method === "HEAD")) {
    return failure(405, `${asked.path} is asked for with ${method}, not ${asked.method}.`, { allow: method });
  }
  if (!service.authorized(asked.authorization)) {
    return failure(401, "The user name or the password is wrong.", { "www-authenticate": 'Basic realm="sticky.io"' });
  }
  const limit = service.limitOf(table);
  if (limit === undefined) return list(table, asked, service, {});
  const verdict = service.limiter(`${service.username}:${table}`, limit);
  if (!verdict.allowed) return tooMany(table, service.username, verdict);
  return list(table, asked, service, limitHeaders(verdict));
}

/** @returns the refusal of a request above the limit, which says when the next one may come. */
function tooMany(table: TableName, username: string, verdict: Verdict): Reply {
  const message = `User ${username} made more than ${verdict.limit} requests in this minute for ${table}.`;
  return failure(429, message, { "retry-after": String(verdict.retryAfter), ...limitHeaders(verdict) });
}

function list(table: TableName, asked: Asked, service: Service, headers: Reply["headers"]): Reply {
  const page = pageOf(asked.query);
  if (page === undefined) return failure(422, "The page must be a whole number from 1.", headers);
  const since = sinceOf(asked.query);
  if (since === null) return failure(422, "What is searched for in updated_at must be a date or a time.", headers);
  if (methodOf(table) === "POST" && !isJsonObject(asked.body)) {
    return failure(422, "The body must be a JSON object, or empty.", headers);
  }
  // The bundles come all at once: their call is an old one, without pages.
  const only = since === undefined ? undefined : changedSince(service.world, table, since);
  const whole = Math.max(1, count(table, service.world.orders));
  const perPage = table === "product_bundle_index" ? whole : service.perPage;
  const path = asked.origin + asked.path;
  const { world, nextLink } = service;
  const body = envelope({
    world,
    table,
    page,
    perPage,
    path,
    ...(only === undefined ? {} : { only }),
    ...(nextLink === undefined ? {} : { nextLink }),
  });
  return jsonReply(200, body, headers);
}

function isJsonObject(body: string): boolean {
  if (body.trim() === "") return true;
  try {
    const value: unknown = JSON.parse(body);
    // PHP callers write an empty object as [].
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

function limitHeaders({ limit, remaining }: Verdict): Reply["headers"] {
  return { "x-ratelimit-limit": String(limit), "x-ratelimit-remaining": String(remaining) };
}
