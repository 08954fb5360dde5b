import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Batch } from "../../src/index.ts";

/** A batch as it arrived. */
export interface Arrived {
  readonly table: string;
  readonly loadId: string;
  readonly batch: number;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** What a receiver does with a batch that has arrived. Default: 204. */
export type Answer = (arrived: Arrived, response: ServerResponse, count: number) => void;

/** An API that takes batches, on a free port of this machine. */
export interface Receiver extends AsyncDisposable {
  readonly arrived: Arrived[];
  /** The rows as a receiver has them that drops what it knows by load id and number. */
  once(): readonly Readonly<Record<string, unknown>>[];
  /** Sends a batch there. */
  post(batch: Batch): Promise<void>;
  answer: Answer | undefined;
}

export async function receiver(): Promise<Receiver> {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => void take(request, response));
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
    const one = JSON.parse(text) as Arrived;
    arrived.push(one);
    if (made.answer === undefined) response.writeHead(204).end();
    else made.answer(one, response, arrived.length);
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const made: Receiver = {
    arrived,
    answer: undefined,
    once() {
      const known = new Map<string, Arrived>();
      for (const one of arrived) {
        const key = `${one.loadId}/${one.batch}`;
        if (!known.has(key)) known.set(key, one);
      }
      return [...known.values()].flatMap(({ table, rows }) => rows.map((row) => ({ table, ...row })));
    },
    async post({ table, rows, loadId, batch, signal }) {
      const response = await fetch(url, {
        method: "POST",
        body: JSON.stringify({ table: table.name, rows, loadId, batch }),
        signal,
      });
      if (!response.ok) throw new Error(`The receiver answered ${response.status}`);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return made;
}

/** Answers with a status and nothing else. */
export const status =
  (code: number): Answer =>
  (_arrived, response) =>
    void response.writeHead(code).end();
