import { pageUrl } from "./envelope.ts";
import type { Strike } from "./faults.ts";
import { failure, jsonReply, type Reply } from "./reply.ts";

type Struck = NonNullable<Strike["fault"]>;

/** How far an answer gets on its way. */
export type Delivery = "whole" | "none" | "drop" | "drop_mid_body" | "truncated" | "hang_mid_body";

/** @returns the answer that takes the place of the right one, or `undefined` where the right one is made first. */
export function insteadOf(fault: Struck | undefined): Reply | undefined {
  switch (fault?.kind) {
    case "too_many_requests": {
      const after = fault.retryAfter === undefined ? "1" : fault.retryAfter;
      return failure(429, "Too many requests.", after === null ? {} : { "retry-after": after });
    }
    case "server_error": {
      const headers = fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter };
      return failure(fault.status ?? 500, "Something went wrong on our side.", headers);
    }
    case "html":
      return { status: fault.status ?? 502, headers: { "content-type": "text/html; charset=utf-8" }, body: webPage };
    case "error_in_ok": {
      const code = fault.responseCode ?? "410";
      const message = `The request was refused with code ${code}: the limit of this minute is reached.`;
      return jsonReply(200, JSON.stringify({ response_code: code, error_found: "1", error_message: message }));
    }
    default:
      return undefined;
  }
}

/** @returns the right answer with its body spoiled, where that is the fault. */
export function spoiled(reply: Reply, fault: Struck | undefined): Reply {
  if (fault?.kind !== "malformed_json") return reply;
  return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
}

/** @returns how a fault links a page of the list at `origin` + `path` to the next, where that is the fault. */
export function wrongLink(
  fault: Struck | undefined,
  origin: string,
  path: string,
): ((page: number) => string) | undefined {
  if (fault?.kind === "repeated_link") return (page) => pageUrl(origin + path, page);
  if (fault?.kind !== "foreign_link") return undefined;
  const elsewhere = fault.origin ?? "https://elsewhere.example";
  return (page) => pageUrl(elsewhere + path, page + 1);
}

/** @returns how far the answer gets with this fault. */
export function deliveryOf(fault: Struck | undefined): Delivery {
  switch (fault?.kind) {
    case "hang":
      return "none";
    case "drop":
    case "drop_mid_body":
    case "truncated":
    case "hang_mid_body":
      return fault.kind;
    default:
      return "whole";
  }
}

const webPage =
  "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n";
