import { PassThrough } from "node:stream";
import type { Host, Output } from "./host.ts";

/** A host for tests: what was written is kept as text, the clock stands where it is put, and nothing is the process's. */
export interface TestingHost extends Host {
  readonly out: () => string;
  readonly err: () => string;
  /** Ends the wait of all `every` once. */
  readonly tick: () => void;
}

/** What a test wants of the host. */
export interface TestingHostOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** `true`: stderr is a terminal. */
  readonly terminal?: boolean;
  /** What a person types, at a terminal. */
  readonly typed?: string;
  readonly now?: () => number;
}

/** Makes a {@link TestingHost}. */
export function testingHost(options: TestingHostOptions = {}): TestingHost {
  const { cwd = "/nowhere", env = {}, stdin = "", terminal = false, now = () => 0 } = options;
  const [stdout, out] = capture({});
  const [stderr, err] = capture(terminal ? { isTTY: true, columns: 60, rows: 12 } : {});
  const actions = new Set<() => void>();
  const input = new PassThrough();
  input.end(options.typed ?? stdin);
  return {
    stdin: Object.assign(input, { isTTY: options.typed !== undefined }),
    stdout,
    stderr,
    out,
    err,
    cwd,
    env,
    home: "/nowhere",
    signal: options.signal ?? new AbortController().signal,
    now,
    every(_milliseconds, action) {
      actions.add(action);
      return () => void actions.delete(action);
    },
    tick: () => actions.forEach((action) => action()),
  };
}

function capture(terminal: Pick<Output, "isTTY" | "columns" | "rows">): readonly [Output, () => string] {
  const chunks: string[] = [];
  const stream = new PassThrough({ encoding: "utf8" });
  stream.on("data", (chunk: string) => chunks.push(chunk));
  return [Object.assign(stream, terminal), () => chunks.join("")];
}
