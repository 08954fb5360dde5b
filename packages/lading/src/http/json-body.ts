import { isUtf8 } from "node:buffer";
import { LadingError } from "../errors/index.ts";
import type { Exact } from "../util/exact.ts";
import { losesDigits, parseExact, parseFast, toPlain } from "../util/json.ts";
import { redactUrl } from "./redact.ts";
import type { HttpResponse } from "./response.ts";
import { excerpt } from "./status-error.ts";

/** A JSON body, parsed the fast way, and the exact way when asked. */
export interface JsonBody {
  readonly value: unknown;
  /** The same with every digit. It is parsed at the first call. */
  readonly exact: () => Exact;
}

/**
 * @param options.bigint whole numbers beyond 2^53 come as `bigint` in `value`, for code that looks at them
 * @param options.clean takes known secrets out of the quoted beginning of the body
 * @throws HTTP_NOT_JSON
 */
export function jsonBody(
  response: HttpResponse,
  options: { readonly bigint: boolean; readonly clean: (text: string) => string },
): JsonBody {
  const text = bodyText(response);
  let parsed: Exact | undefined;
  const exact = (): Exact => (parsed ??= parseExact(text));
  try {
    if (options.bigint && losesDigits(text)) return { value: toPlain(exact()), exact };
    return { value: parseFast(text), exact };
  } catch (cause) {
    throw notJson(response, options.clean(text), cause);
  }
}

function bodyText(response: HttpResponse): string {
  const { body } = response;
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(response.headers["content-type"] ?? "")?.[1]?.toLowerCase();
  try {
    if (charset !== undefined && charset !== "utf-8" && charset !== "utf8") {
      return new TextDecoder(charset, { fatal: true }).decode(body);
    }
  } catch (cause) {
    throw undecodable(response, `not valid ${charset}`, cause);
  }
  // Node would put replacement characters in, and nobody would know.
  if (!isUtf8(body)) throw undecodable(response, "not valid UTF-8");
  const marked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
  return body.toString("utf8", marked ? 3 : 0);
}

function undecodable(response: HttpResponse, problem: string, cause?: unknown): LadingError {
  return new LadingError("HTTP_NOT_JSON", `The answer of ${redactUrl(response.url)} is ${problem}.`, {
    ...(cause === undefined ? {} : { cause }),
    details: { contentType: response.headers["content-type"] },
  });
}

function notJson(response: HttpResponse, text: string, cause: unknown): LadingError {
  const type = response.headers["content-type"] ?? "none";
  const from = redactUrl(response.url);
  const beginning = excerpt(text);
  const details = { status: response.status, contentType: type };
  if (beginning === "") {
    return new LadingError("HTTP_NOT_JSON", `The answer of ${from} (${response.status}) is empty.`, {
      details,
      hint: "Check that this endpoint answers with a body; for no data it should answer 204.",
    });
  }
  const html = /^(<!doctype html|<html|<head|<body)/i.test(beginning) || /\bhtml\b/i.test(type);
  const what = html ? "HTML" : "no JSON";
  const problem = cause instanceof Error && !html ? ` ${cause.message}.` : "";
  const message = `The answer of ${from} is ${what} (Content-Type: ${type}).${problem} It begins: ${beginning}`;
  return new LadingError("HTTP_NOT_JSON", message, { cause, details });
}
