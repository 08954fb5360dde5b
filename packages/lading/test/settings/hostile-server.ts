import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a server can write down what it was told in confidence. */
export const writings: Readonly<Record<string, (value: string) => string>> = {
  "as it is": (value) => value,
  "for a URL": (value) => encodeURIComponent(value),
  "for a form": (value) => new URLSearchParams([["", value]]).toString().slice(1),
  "for a URL, in lower case and twice": (value) =>
    encodeURIComponent(encodeURIComponent(value).replaceAll(/%../g, (escape) => escape.toLowerCase())),
  "every character for a URL": (value) =>
    [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  "in JSON": (value) => JSON.stringify({ value }),
  "in JSON in JSON": (value) => JSON.stringify(JSON.stringify({ value })),
  "in JSON, every character": (value) =>
    value
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  "for HTML": (value) => value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
  "in Base64": (value) => Buffer.from(value).toString("base64"),
  "in Base64 for URLs": (value) => Buffer.from(value).toString("base64url"),
  "in Basic": (value) => Buffer.from(`someone:${value}`).toString("base64"),
  "in Basic with a longer name": (value) => Buffer.from(`someone1:${value}`).toString("base64"),
  "in Base64 between other things": (value) => Buffer.from(`ab${value}, and more`).toString("base64url"),
};

type Answer = (response: ServerResponse, echo: string, request: IncomingMessage) => void;

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
};
/** What a header can hold. */
const inHeader = (echo: string): string => (/^[\u0020-\u007e]*$/.test(echo) ? echo : encodeURIComponent(echo));
/** The answer of a first page, and an error for the next one, so that the run stops with a position kept. */
const thenFail = (request: IncomingMessage, response: ServerResponse, first: () => void): void => {
  if (/page=2/.test(request.url ?? "")) json(response, 400, { error: "no" });
  else first();
};

/** Where a server can put it. */
export const places: Readonly<Record<string, Answer>> = {
  "the body of a 401": (response, echo) => json(response, 401, { error: `bad key ${echo}` }),
  "the text of a 400": (response, echo) => response.writeHead(400, { "content-type": "text/plain" }).end(`no: ${echo}`),
  "the body of a 500": (response, echo) => response.writeHead(500).end(`${" ".repeat(100)}${echo}`),
  "a text cut in its middle": (response, echo) =>
    response.writeHead(400).end(`${"\n".repeat(2045 - (echo.length >> 1))}${echo}`),
  "what is not JSON": (response, echo) =>
    response.writeHead(200, { "content-type": "text/html" }).end(`<p>${echo}</p>`),
  "broken JSON": (response, echo) =>
    response.writeHead(200, { "content-type": "application/json" }).end(`{"a": ${echo}`),
  "a key beside the rows": (response, echo) => json(response, 200, { [echo]: { deep: 1 } }),
  "the encoding": (response, echo) => response.writeHead(200, { "content-encoding": inHeader(echo) }).end("x"),
  "a redirect": (response, echo, { url = "" }) => {
    if (url.includes("moved")) json(response, 404, {});
    else response.writeHead(302, { location: `/moved?x=${inHeader(encodeURI(echo))}` }).end();
  },
  "a redirect to nowhere": (response, echo) =>
    response.writeHead(302, { location: `ftp://x/${inHeader(encodeURI(echo))}` }).end(),
  "a redirect for ever": (response, echo) =>
    response.writeHead(302, { location: `/again?x=${inHeader(encodeURI(echo))}` }).end(),
  "a next link": (response, echo, request) =>
    thenFail(request, response, () =>
      json(response, 200, { rows: [{ id: 1 }], next: `/items?page=2&x=${encodeURI(echo)}` }),
    ),
  "a next link to somebody else": (response, echo) =>
    json(response, 200, { rows: [{ id: 1 }], next: `http://127.0.0.1:9/${encodeURI(echo)}` }),
  "a next link that is none": (response, echo) => json(response, 200, { rows: [{ id: 1 }], next: `http://[${echo}` }),
};

/** A server that tells what it was told. */
export async function hostileServer(place: string, echo: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => places[place]!(response, echo, request));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
