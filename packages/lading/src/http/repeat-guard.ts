import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { LadingError } from "../errors/index.ts";
import type { PageRequest } from "./page-request.ts";
import { redactUrl } from "./redact.ts";

/** Watches one chain of pages for a server that goes in circles. */
export interface RepeatGuard {
  /** @throws PAGE_REPEATED when the chain has asked this before */
  checkRequest(request: PageRequest): void;
  /** @throws PAGE_REPEATED when a page with rows came twice in a row although another one was asked for */
  checkBody(request: PageRequest, body: Buffer, rows: number): void;
}

/** So many requests are remembered one by one. */
const remembered = 10_000;

/**
 * A guard in flat memory: of the last 10,000 requests each is known; a circle that is longer is found when it has come
 * round to one that is kept at every power of two (Brent).
 */
export function repeatGuard(): RepeatGuard {
  const recent = new Set<string>();
  let landmark = "";
  let steps = 0;
  let power = 1;
  let previous = "";

  return {
    checkRequest(request) {
      const print = fingerprint(request);
      if (recent.has(print) || print === landmark) {
        throw repeated(request, `The request ${request.method} ${redactUrl(request.url)} would be sent a second time`);
      }
      recent.add(print);
      if (recent.size > remembered) recent.delete(recent.values().next().value ?? "");
      steps += 1;
      if (steps === power) {
        landmark = print;
        power *= 2;
        steps = 0;
      }
    },
    checkBody(request, body, rows) {
      const print = `${body.length} ${crc32(body)} ${body.subarray(-64).toString("latin1")}`;
      if (rows > 0 && print === previous) {
        throw repeated(request, `${redactUrl(request.url)} gives the same page as the request before it`);
      }
      previous = print;
    },
  };
}

function fingerprint({ method, url, headers, json }: PageRequest): string {
  const sorted = Object.entries(headers).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha1")
    .update(JSON.stringify([method, url, sorted, json ?? null]))
    .digest("base64");
}

function repeated(request: PageRequest, problem: string): LadingError {
  return new LadingError("PAGE_REPEATED", `${problem}; reading on would load the same rows again without end.`, {
    details: { method: request.method, url: redactUrl(request.url) },
  });
}
