import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** A pooler between clients and a server. */
export interface Pooler {
  readonly url: string;
  /** Transactions that were passed on, each over a server connection of its own. */
  readonly transactions: () => number;
  close(): Promise<void>;
}

/** The byte with which a server says that no transaction is open. */
const idle = "I".charCodeAt(0);
const readyForQuery = "Z".charCodeAt(0);

/**
 * A pooler in transaction mode, at its most forgetful: each transaction has a new connection to the server, so that nothing
 * that is set in a session outlives a transaction. As PgBouncer does it refuses `options`. Servers without TLS only, and
 * clients that the server trusts.
 */
export async function transactionPooler(server: { readonly port: number; readonly user: string }): Promise<Pooler> {
  const sockets = new Set<Socket>();
  let transactions = 0;
  const pooler = createServer((client) => {
    sockets.add(client);
    client.on("error", () => {}).on("close", () => sockets.delete(client));
    let startup: Buffer | undefined;
    let waiting = Buffer.alloc(0);
    let upstream: Socket | undefined;

    /** Connects to the server as the client did. What the server says of that, the client has heard already. */
    function open(greets: boolean): Socket {
      const socket = connect(server.port, "127.0.0.1");
      sockets.add(socket);
      let isReady = false;
      let said = Buffer.alloc(0);
      socket.on("error", () => client.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        if (upstream === socket) client.destroy();
      });
      socket.write(startup!);
      socket.on("data", (chunk: Buffer) => {
        said = Buffer.concat([said, chunk]);
        while (said.length >= 5 && said.length >= 1 + said.readUInt32BE(1)) {
          const length = 1 + said.readUInt32BE(1);
          const message = said.subarray(0, length);
          said = said.subarray(length);
          if (isReady || greets) client.write(message);
          if (message[0] !== readyForQuery) continue;
          if (!isReady) {
            isReady = true;
            if (!greets) socket.write(waiting);
            waiting = Buffer.alloc(0);
            if (!greets) continue;
          }
          if (message[5] === idle) release(socket);
        }
      });
      return socket;
    }

    function release(socket: Socket): void {
      upstream = undefined;
      socket.end();
    }

    client.on("data", (chunk: Buffer) => {
      if (startup === undefined) {
        startup = chunk;
        if (chunk.includes("\0options\0")) {
          client.end(refusal("unsupported startup parameter: options"));
          return;
        }
        upstream = open(true);
        return;
      }
      if (upstream === undefined) {
        // Terminate
        if (chunk[0] === 0x58) {
          client.end();
          return;
        }
        transactions++;
        waiting = Buffer.concat([waiting, chunk]);
        upstream = open(false);
      } else if (waiting.length > 0) waiting = Buffer.concat([waiting, chunk]);
      else upstream.write(chunk);
    });
  });
  await new Promise<void>((resolve) => pooler.listen(0, "127.0.0.1", resolve));
  const { port } = pooler.address() as AddressInfo;
  return {
    url: `postgresql://${server.user}@127.0.0.1:${port}/postgres?sslmode=disable`,
    transactions: () => transactions,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => pooler.close(resolve));
    },
  };
}

/** An error of the server's protocol, as PgBouncer sends it. */
function refusal(text: string): Buffer {
  const body = Buffer.from(`SFATAL\0C08P01\0M${text}\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
