import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../../..");
const lading = join(root, "packages/lading/bin/lading.js");

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  /** Milliseconds from the last signal on. */
  readonly after: number;
  /** What it said on stderr. */
  readonly err: string;
}

/** The real command line in a process of its own. */
export interface LadingProcess {
  readonly out: () => string;
  /** Comes when stderr has said something. Fails where the process ends before. */
  said(text: string): Promise<void>;
  signal(name: "SIGINT" | "SIGTERM"): void;
  readonly ended: Promise<Ended>;
}

/** Builds what the command line is made of, where it is stale. */
export async function buildLading(): Promise<void> {
  const child = spawn(process.execPath, [join(root, "scripts/setup.mjs")], { stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`the build ended with ${code}`);
}

/** Starts `lading` in a folder. Its standard input stays open, and nothing of this process's settings is passed on. */
export function startLading(argv: readonly string[], cwd: string): LadingProcess {
  const child = spawn(process.execPath, [lading, ...argv], {
    cwd,
    env: { PATH: process.env["PATH"], HOME: cwd, NO_COLOR: "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  let last = performance.now();
  const listeners = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
    for (const listener of listeners) listener();
  });
  const ended = once(child, "close").then(([code]): Ended => ({
    code: code as number | null,
    after: performance.now() - last,
    err,
  }));
  return {
    out: () => out,
    async said(text) {
      const heard = new Promise<void>((resolve) => {
        const listener = (): void => {
          if (err.includes(text)) resolve();
        };
        listeners.add(listener);
        listener();
      });
      await Promise.race([
        heard,
        ended.then(({ code }) => {
          if (!err.includes(text)) throw new Error(`it ended with ${code} and did not say "${text}":\n${err}`);
        }),
      ]);
    },
    signal(name) {
      last = performance.now();
      child.kill(name);
    },
    ended,
  };
}
