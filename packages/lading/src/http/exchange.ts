import http from "node:http";
import https from "node:https";
import { LadingError } from "../errors/index.ts";
import { connectionError, connectionLost } from "./connection-error.ts";
import { decodeBody } from "./decode-body.ts";
import { redactUrl } from "./redact.ts";
import type { HttpResponse } from "./response.ts";
import type { Timeouts } from "./timeouts.ts";

/** A request as it goes on the wire, credentials included. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The connections of a client, kept open between its requests. */
export interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

export interface ExchangeOptions {
  /** `undefined`: a connection for this request only. */
  readonly agents: Agents | undefined;
  readonly timeouts: Timeouts;
  /** The largest body, packed and unpacked, in bytes. */
  readonly maxBodyBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends one request, follows nothing, tries once, and reads the answer to its end.
 *
 * @throws HTTP_CONNECTION, HTTP_TIMEOUT, HTTP_TRUNCATED, HTTP_BODY_TOO_LARGE, HTTP_ENCODING; the signal's reason
 */
export async function exchange(request: WireRequest, options: ExchangeOptions): Promise<HttpResponse> {
  options.signal?.throwIfAborted();
  const { url } = request;
  const { message, body } = await transfer(request, options);
  const headers = joinHeaders(message);
  const encoding = headers["content-encoding"] ?? "";
  const { maxBodyBytes } = options;
  const decoded = encoding === "" ? body : await decodeBody(body, encoding, { url, maxBodyBytes });
  const response: HttpResponse = { status: message.statusCode ?? 0, headers, body: decoded, url };
  assertWhole(response);
  return response;
}

interface Transferred {
  readonly message: http.IncomingMessage;
  readonly body: Buffer;
}

function transfer(request: WireRequest, options: ExchangeOptions): Promise<Transferred> {
  const { agents, timeouts, signal, maxBodyBytes } = options;
  const secure = request.url.startsWith("https:");
  const agent = secure ? agents?.https : agents?.http;
  const from = redactUrl(request.url);

  return new Promise((resolve, reject) => {
    let phase: NodeJS.Timeout | undefined;
    let settled = false;
    const outgoing = (secure ? https : http).request(request.url, {
      method: request.method,
      headers: { ...request.headers, ...lengthOf(request) },
      agent: agent ?? false,
    });

    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(phase);
      clearTimeout(total);
      signal?.removeEventListener("abort", onAbort);
      finish();
    };
    const fail = (error: unknown): void =>
      settle(() => {
        outgoing.destroy();
        // eslint-disable-next-line typescript/prefer-promise-reject-errors -- the signal's reason is the user's own
        reject(error);
      });
    const wait = (name: keyof Timeouts): NodeJS.Timeout =>
      setTimeout(() => fail(timeoutError(name, timeouts[name], from)), timeouts[name]);
    const enter = (name: keyof Timeouts): void => {
      clearTimeout(phase);
      if (!settled) phase = wait(name);
    };
    const onAbort = (): void => fail(signal?.reason);

    const total = wait("total");
    signal?.addEventListener("abort", onAbort, { once: true });
    outgoing.on("error", (cause) => fail(connectionError(cause, from, outgoing.reusedSocket)));
    outgoing.on("socket", (socket) => {
      if (!socket.connecting) return enter("headers");
      enter("connect");
      socket.once(secure ? "secureConnect" : "connect", () => enter("headers"));
    });
    outgoing.on("response", (message) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const tooLarge = (bytes: number): void => fail(bodyTooLarge(from, bytes, maxBodyBytes));
      const truncated = (cause?: unknown): void => fail(connectionLost(from, size, cause));
      const announced = Number(message.headers["content-length"]);
      if (announced > maxBodyBytes) return tooLarge(announced);
      enter("idle");
      message.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxBodyBytes) return tooLarge(size);
        chunks.push(chunk);
        enter("idle");
      });
      message.on("error", truncated);
      message.on("close", () => truncated());
      message.on("end", () => {
        if (!message.complete) return truncated();
        settle(() => resolve({ message, body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size) }));
      });
    });
    outgoing.end(request.body);
  });
}

/** Without it Node sends no body with GET. */
function lengthOf({ body }: WireRequest): Readonly<Record<string, string>> {
  return body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
}

function joinHeaders(message: http.IncomingMessage): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, values] of Object.entries(message.headersDistinct)) headers[name] = (values ?? []).join(", ");
  return headers;
}

/** A body that the closing of the connection ends can be cut without a sign; JSON shows it at its last character. */
function assertWhole(response: HttpResponse): void {
  const { body, headers, url } = response;
  if (headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined) return;
  if (!/\bjson\b/i.test(headers["content-type"] ?? "")) return;
  const text = body.subarray(0, 1).toString() + body.subarray(-16).toString().trimEnd();
  const cut = (text.startsWith("{") && !text.endsWith("}")) || (text.startsWith("[") && !text.endsWith("]"));
  if (cut) throw connectionLost(redactUrl(url), body.length);
}

function timeoutError(name: keyof Timeouts, ms: number, from: string): LadingError {
  const what = {
    connect: "accepted no connection",
    headers: "sent no answer",
    idle: "sent nothing more of its answer",
    total: "did not finish its answer",
  }[name];
  const message = `${from} ${what} within ${ms} ms (timeouts.${name}).`;
  return new LadingError("HTTP_TIMEOUT", message, { details: { timeout: name, milliseconds: ms } });
}

function bodyTooLarge(from: string, bytes: number, limit: number): LadingError {
  return new LadingError(
    "HTTP_BODY_TOO_LARGE",
    `The answer of ${from} is ${bytes} bytes or more; the limit is ${limit}.`,
    {
      details: { limit },
    },
  );
}
