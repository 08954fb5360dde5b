import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as timer } from "node:timers/promises";
import { answer, type Asked } from "./answer.ts";
import { basicAuth } from "./basic-auth.ts";
import { grown, touched } from "./data/revision.ts";
import { count, type TableName, tableNames, type World } from "./data/world.ts";
import { deliver } from "./deliver.ts";
import { checkFaults, type Faults, strike, type Strike } from "./faults.ts";
import { deliveryOf, insteadOf, spoiled, wrongLink } from "./faulty-reply.ts";
import { checkOptions, inRange, type SimulatorOptions } from "./options.ts";
import { rateLimiter } from "./rate-limit.ts";
import { readBody } from "./read-body.ts";
import { failure, type Reply } from "./reply.ts";
import { type LogEntry, requestLog } from "./request-log.ts";
import { route } from "./route.ts";

/** A server that answers as the API of Sticky.io does, with made-up data. */
export interface StickyIoSimulator extends AsyncDisposable {
  /** Begins to listen; port 0 is any free one. Throws where it listens already, or the port is taken. */
  listen(port?: number, host?: string): Promise<{ readonly url: string; readonly port: number }>;
  /** Ends all connections, those that hang too. May be called again. */
  close(): Promise<void>;
  /** The last 1000 requests, the oldest first. */
  readonly requests: readonly LogEntry[];
  /** How many rows each list has now. */
  readonly counts: Readonly<Record<TableName, number>>;
  /** Sets the faults from here on; the requests that `nth` counts begin at 1 again. */
  setFaults(faults: Faults): void;
  /** Changes n rows of a list (default: orders), or all if it has fewer: their `updated_at` moves, and a status or price. */
  touch(n: number, table?: TableName): void;
  /** Adds n orders, and the rows of the other lists that go with them: their `updated_at` is now. No row that is there changes. */
  grow(n: number): void;
}

const maxRows = 1_000_000_000;
const maxBodyBytes = 65_536;
const keptRequests = 1000;
const bundlesPerMinute = 60;
const listsPerMinute = 120;

/** @throws RangeError where a number of the options is out of its range. */
export function createSimulator(options: SimulatorOptions = {}): StickyIoSimulator {
  checkOptions(options);
  checkFaults(options.faults ?? []);
  const { rows = 1000, seed = 1, perPage = 100, username = "demo", password = "demo" } = options;
  const { now = Date.now, sleep = wait, limitLists = false, bigIds = false } = options;
  const authorized = basicAuth(username, password);
  const limiter = rateLimiter(now);
  const limitOf = (table: TableName): number | undefined =>
    table === "product_bundle_index" ? bundlesPerMinute : limitLists ? listsPerMinute : undefined;
  const log = requestLog(keptRequests);
  let world: World = { seed, orders: rows, touches: [], growths: [], bigIds };
  let faults = options.faults ?? [];
  let asked = new Map<TableName, number>();
  let stop = new AbortController();

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = now();
    const { method = "GET", url = "/" } = request;
    const [path = "/"] = url.split("?", 1);
    const table = route(path);
    const struck = table === undefined ? noStrike : strikeNext(table);
    const body = await readBody(request, maxBodyBytes);
    if (struck.milliseconds > 0) await sleep(struck.milliseconds, stop.signal);
    const origin = `http://${request.headers.host ?? hostOf(server.address())}`;
    const query = new URLSearchParams(url.slice(path.length + 1));
    const { authorization } = request.headers;
    const reply =
      body === undefined
        ? failure(413, `The body has more than ${maxBodyBytes} bytes.`)
        : replyTo(table, { method, path, query, origin, authorization, body }, struck.fault);
    const delivery = deliveryOf(struck.fault);
    const entry: LogEntry = {
      method,
      url,
      status: delivery === "none" || delivery === "drop" ? null : reply.status,
      at,
      ...(struck.fault === undefined ? {} : { fault: struck.fault.kind }),
    };
    log.add(entry);
    options.log?.(entry);
    deliver(response, reply, delivery);
  }

  function strikeNext(table: TableName): Strike {
    const nth = (asked.get(table) ?? 0) + 1;
    asked.set(table, nth);
    return strike(faults, seed, table, nth);
  }

  function replyTo(table: TableName | undefined, request: Asked, fault: Strike["fault"]): Reply {
    const instead = insteadOf(fault);
    if (instead !== undefined) return instead;
    const nextLink = wrongLink(fault, request.origin, request.path);
    const service = { world, perPage, username, authorized, limiter, limitOf };
    const reply = answer(table, request, nextLink === undefined ? service : { ...service, nextLink });
    return spoiled(reply, fault);
  }

  function close(): Promise<void> {
    stop.abort();
    return new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  return {
    listen: (port = 0, host = "127.0.0.1") =>
      new Promise((resolve, reject) => {
        if (server.listening) throw new Error("The simulator listens already.");
        stop = new AbortController();
        server.once("error", reject);
        server.listen(port, host, () => {
          server.off("error", reject);
          const address = server.address() as AddressInfo;
          resolve({ url: `http://${hostOf(address)}`, port: address.port });
        });
      }),
    close,
    [Symbol.asyncDispose]: close,
    get requests() {
      return log.entries();
    },
    get counts() {
      return Object.fromEntries(tableNames.map((table) => [table, count(table, world.orders)])) as Record<
        TableName,
        number
      >;
    },
    setFaults: (next) => {
      checkFaults(next);
      faults = next;
      asked = new Map();
    },
    touch: (n, table = "orders") => {
      inRange("The number of rows to change", n, 0, maxRows);
      world = touched(world, table, n, now());
    },
    grow: (n) => {
      inRange("The number of orders to add", n, 0, maxRows - world.orders);
      world = grown(world, n, now());
    },
  };
}

const noStrike: Strike = { milliseconds: 0, fault: undefined };

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await timer(milliseconds, undefined, { signal });
}

/** @returns host and port as a URL has them. */
function hostOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === "string") return "localhost";
  return address.family === "IPv6" ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
}
