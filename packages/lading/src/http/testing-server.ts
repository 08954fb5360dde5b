import http from "node:http";
import type { AddressInfo } from "node:net";
import { HttpClient } from "./client.ts";
import type { HttpClientOptions } from "./client-options.ts";

/** A request that a test server got. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface TestServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  readonly server: http.Server;
}

type Handle = (request: SeenRequest, response: http.ServerResponse, count: number) => void;

/** What tests of HTTP need. */
export interface TestServers {
  /** A real server on a free local port. */
  readonly serve: (handle: Handle) => Promise<TestServer>;
  /** A client that does not wait between attempts; `waits` says how long it would have. */
  readonly impatientClient: (
    baseUrl: string,
    options?: Partial<HttpClientOptions>,
  ) => { readonly client: HttpClient; readonly waits: readonly number[] };
}

/**
 * Servers and clients that end with the test.
 *
 * @param onFinished is told what to do at its end
 */
export function testServers(onFinished: (close: () => void) => void): TestServers {
  return {
    async serve(handle) {
      const requests: SeenRequest[] = [];
      const server = http.createServer((incoming, response) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () => {
          const { method = "", url = "", headers } = incoming;
          const request = { method, url, headers, body: Buffer.concat(chunks).toString() };
          requests.push(request);
          handle(request, response, requests.length);
        });
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      onFinished(() => {
        server.closeAllConnections();
        server.close();
      });
      return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, server };
    },
    impatientClient(baseUrl, options = {}) {
      const waits: number[] = [];
      const client = new HttpClient({
        baseUrl,
        random: () => 0,
        sleep: async (ms, signal) => {
          signal?.throwIfAborted();
          waits.push(ms);
        },
        ...options,
      });
      onFinished(() => client.close());
      return { client, waits };
    },
  };
}

/** Answers with JSON, or with a JSON text as it is. */
export function sendJson(response: http.ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

/** All items of an iterable. */
export async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
