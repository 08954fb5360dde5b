import { hash32 } from "./data/dice.ts";
import { tableNames, type TableName } from "./data/world.ts";

/** Which requests a fault strikes. Without any of these: all of them. */
export interface FaultWhen {
  /** Only requests for this list. */
  readonly endpoint?: TableName;
  /** Only the nth requests for their list, counted from 1 since the faults were set. */
  readonly nth?: number | readonly number[];
  /** A share of the requests, from 0 to 1; which ones follows from the seed. */
  readonly probability?: number;
}

/** What goes wrong. */
export type FaultKind =
  /** The answer comes later. Goes together with any other fault. */
  | { readonly kind: "latency"; readonly milliseconds: number }
  /** 429 with a JSON body. `retryAfter` is sent as given (seconds or an HTTP date); `null` sends none. Default: `"1"`. */
  | { readonly kind: "too_many_requests"; readonly retryAfter?: string | null }
  /** 500 (default) or 503 with a JSON body. */
  | { readonly kind: "server_error"; readonly status?: 500 | 503; readonly retryAfter?: string }
  /** The connection is reset before a byte of the answer. */
  | { readonly kind: "drop" }
  /** The connection is reset after half of the body. */
  | { readonly kind: "drop_mid_body" }
  /** The connection is closed in order, but before as many bytes as `Content-Length` says. */
  | { readonly kind: "truncated" }
  /** The body is the first half of a JSON text, and complete as far as HTTP goes. */
  | { readonly kind: "malformed_json" }
  /** A web page in place of JSON, as gateways send them. Default status: 502. */
  | { readonly kind: "html"; readonly status?: number }
  /** 200 with an error in its body, as version 1 of the API tells of its limit. Default code: `"410"`. */
  | { readonly kind: "error_in_ok"; readonly responseCode?: string }
  /** The link to the next page is the page's own. */
  | { readonly kind: "repeated_link" }
  /** The link to the next page leads to another server. Default: `https://elsewhere.example`. */
  | { readonly kind: "foreign_link"; readonly origin?: string }
  /** Nothing is ever answered. */
  | { readonly kind: "hang" }
  /** Half of the body, and then nothing. */
  | { readonly kind: "hang_mid_body" };

/** What goes wrong, and with which requests. */
export type Fault = FaultKind & FaultWhen;
/** Faults in order: of those that strike a request the first one counts. */
export type Faults = readonly Fault[];

/** What strikes one request: at most one fault, and how long it waits before. */
export interface Strike {
  readonly milliseconds: number;
  readonly fault: Exclude<Fault, { kind: "latency" }> | undefined;
}

/** @returns the first fault that strikes the nth request for a list, and all latencies that do, added up. */
export function strike(faults: Faults, seed: number, endpoint: TableName, nth: number): Strike {
  let milliseconds = 0;
  let struck: Strike["fault"];
  for (const [place, fault] of faults.entries()) {
    if (fault.kind !== "latency" && struck !== undefined) continue;
    if (!strikes(fault, seed, place, endpoint, nth)) continue;
    if (fault.kind === "latency") milliseconds += fault.milliseconds;
    else struck = fault;
  }
  return { milliseconds, fault: struck };
}

/** @throws RangeError where a probability, a count or a time is none. */
export function checkFaults(faults: Faults): void {
  for (const { kind, nth, probability, ...rest } of faults) {
    if (probability !== undefined && !(probability >= 0 && probability <= 1)) {
      throw new RangeError(`The probability of the fault "${kind}" is ${probability}; it must be from 0 to 1.`);
    }
    for (const n of nth === undefined ? [] : [nth].flat()) {
      if (!Number.isSafeInteger(n) || n < 1) {
        throw new RangeError(`The fault "${kind}" cannot strike request ${n}; requests count from 1.`);
      }
    }
    if ("milliseconds" in rest && !(rest.milliseconds >= 0 && Number.isFinite(rest.milliseconds))) {
      throw new RangeError(`A latency of ${rest.milliseconds} milliseconds is none.`);
    }
  }
}

function strikes(when: FaultWhen, seed: number, place: number, endpoint: TableName, nth: number): boolean {
  if (when.endpoint !== undefined && when.endpoint !== endpoint) return false;
  if (when.nth !== undefined && ![when.nth].flat().includes(nth)) return false;
  if (when.probability === undefined) return true;
  const salt = 1000 + place * tableNames.length + tableNames.indexOf(endpoint);
  return hash32(seed, salt, nth) / 2 ** 32 < when.probability;
}
