import type { Buffer } from "node:buffer";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { asksForEncryption, frameReader, statementIn, type Frame } from "./postgres-frames.ts";

/** Where a connection is cut. */
export interface LineFault {
  /** The number of the statement, from 1, of all connections together: see {@link PostgresLine.statements}. */
  readonly at: number;
  /**
   * - `lost`: the server never gets the statement
   * - `answer-lost`: the server has done it, and the answer does not arrive
   * - `unheard`: the server gets it, and the connection is gone at once: what becomes of it is open
   * - `half-open`: the server never gets it, and does not notice that the client is gone
   */
  readonly kind: "lost" | "answer-lost" | "unheard" | "half-open";
  /** Connections are refused from then on, until {@link PostgresLine.mend}. Default: `false`. */
  readonly staysDown?: boolean;
}

/** A line to a server of PostgreSQL's protocol that can be cut. */
export interface PostgresLine {
  readonly host: string;
  readonly port: number;
  /** What went over it to the server, in order: `connect`, SQL, `COPY data` (the first of a copy), `COPY end`. */
  readonly statements: readonly string[];
  /** The statement at which it was cut; `undefined`: it was not. */
  readonly struck: string | undefined;
  /** Lets connections through again, and cuts none of them. */
  mend(): void;
  /** Cuts what is open, and closes the port. */
  close(): Promise<void>;
}

/**
 * Opens a port on loopback from which everything goes to a server, statement by statement. It has no encryption, and
 * says so to those who ask.
 *
 * @param fault none: statements are only counted
 */
export async function postgresLine(
  server: { readonly host: string; readonly port: number },
  fault?: LineFault,
): Promise<PostgresLine> {
  const statements: string[] = [];
  const open = new Set<Socket>();
  let struck: string | undefined;
  let isMended = fault === undefined;
  let isDown = false;

  function accept(client: Socket): void {
    if (isDown) {
      client.destroy();
      return;
    }
    const upstream = connect(server.port, server.host);
    const fromClient = frameReader("client");
    const fromServer = frameReader("server");
    /** The server's answers are kept back, and the connection is cut when they are there. */
    let isMuted = false;
    /** The client is gone, and the server is not told. */
    let isHalfOpen = false;
    let copies = false;
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };

    /** @returns whether the message goes on to the server */
    function pass(frame: Frame): boolean {
      if (asksForEncryption(frame)) {
        client.write("N");
        return false;
      }
      const statement = nameOf(frame);
      if (statement === undefined) return true;
      statements.push(statement);
      if (isMended || isMuted || statements.length !== fault?.at) return true;
      struck = statement;
      isDown = fault.staysDown ?? false;
      const isAnswered = statement !== "connect" && statement !== "COPY data";
      if (fault.kind === "half-open") {
        isHalfOpen = true;
        client.destroy();
      } else if (fault.kind === "lost" || !isAnswered) cut();
      else if (fault.kind === "answer-lost") isMuted = true;
      else upstream.end(frame.bytes, cut);
      return isMuted;
    }

    function nameOf(frame: Frame): string | undefined {
      if (frame.type === "startup") return "connect";
      if (frame.type === "c") return "COPY end";
      if (frame.type !== "d") {
        copies = false;
        return statementIn(frame);
      }
      if (copies) return undefined;
      copies = true;
      return "COPY data";
    }

    const hold = (from: Socket, to: Socket): void => {
      from.pause();
      to.once("drain", () => from.resume());
    };
    client.on("data", (chunk: Buffer) => {
      for (const frame of fromClient(chunk)) {
        if (client.destroyed) return;
        if (pass(frame) && !upstream.write(frame.bytes)) hold(client, upstream);
      }
    });
    upstream.on("data", (chunk: Buffer) => {
      if (!isMuted) {
        fromServer(chunk);
        if (!client.write(chunk)) hold(upstream, client);
      } else if (fromServer(chunk).some(({ type }) => type === "Z" || type === "G")) cut();
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one);
      const follow = (): void => {
        if (!isHalfOpen) other.destroy();
      };
      one.on("error", follow);
      one.on("end", () => other.end());
      one.on("close", () => {
        open.delete(one);
        follow();
      });
    }
  }

  const listener = createServer({ allowHalfOpen: false }, accept);
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(0, "127.0.0.1", resolve);
  });
  return {
    host: "127.0.0.1",
    port: (listener.address() as AddressInfo).port,
    statements,
    get struck() {
      return struck;
    },
    mend() {
      isMended = true;
      isDown = false;
    },
    async close() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
