import { createServer, type ServerResponse } from "node:http";

/** What a server is to do with a path: answer at once, or not before it is released. */
export interface SlowServer extends AsyncDisposable {
  readonly url: string;
  /** Requests that came, by path with query, in order. */
  readonly asked: readonly string[];
  /** From now on requests for a path are held. */
  hold(path: string): void;
  /** Comes when a request for a path has come. */
  came(path: string): Promise<void>;
  /** Answers what is held, and holds nothing any more. */
  release(): void;
}

/** @param answer status, headers and body for a path with its query */
export async function slowServer(
  answer: (
    path: string,
    url: string,
  ) => {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: unknown;
  },
): Promise<SlowServer> {
  const asked: string[] = [];
  const holding = new Set<string>();
  const held: (() => void)[] = [];
  const waiting = new Map<string, (() => void)[]>();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const respond = (): void => send(response, path);
    if (holding.has(path)) held.push(respond);
    else respond();
    for (const tell of waiting.get(path) ?? []) tell();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;

  function send(response: ServerResponse, path: string): void {
    const { status = 200, headers = {}, body } = answer(path, url);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  }

  return {
    url,
    asked,
    hold: (path) => void holding.add(path),
    came: (path) =>
      asked.includes(path)
        ? Promise.resolve()
        : new Promise((resolve) => waiting.set(path, [...(waiting.get(path) ?? []), resolve])),
    release() {
      holding.clear();
      for (const respond of held.splice(0)) respond();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
