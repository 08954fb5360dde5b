import { setMaxListeners } from "node:events";
import { homedir } from "node:os";
import { exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { main } from "./main.ts";
import { reportError } from "./report-error.ts";
import { type StopSignal, stopReason } from "./stop-signal.ts";

const codes = { SIGINT: exitCodes.interrupted.code, SIGTERM: exitCodes.terminated.code } as const;

/**
 * Runs the command line in a process, and ends the process with its exit code. The first SIGINT or SIGTERM asks the
 * command to stop, the second ends the process at once.
 */
export async function runProcess(process: NodeJS.Process): Promise<void> {
  const stop = new AbortController();
  // Each resource and each request listens to it; Node would take that for a leak.
  setMaxListeners(0, stop.signal);
  const onSignal = (name: StopSignal): void => {
    if (!stop.signal.aborted) return stop.abort(stopReason(name));
    if (process.stderr.isTTY) process.stderr.write("\u{1b}[?25h");
    process.exit(codes[name]);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // `lading … | head` closes the pipe; what is loading goes on, and only the talk is lost.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);

  const host: Host = {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    secrets: new Set(),
    signal: stop.signal,
    now: Date.now,
    every(milliseconds, action) {
      const timer = setInterval(action, milliseconds);
      return () => clearInterval(timer);
    },
  };
  const argv = process.argv.slice(2);
  // A pipeline's own code can throw where nobody waits for it.
  process.on("uncaughtException", (error) => {
    reportError(error, host, { debug: argv.includes("--debug") });
    process.exit(exitCodes.failed.code);
  });

  const code = await main(argv, host);
  // A handle that a pipeline file left open must not keep the process; what was written must be out first.
  await Promise.all([process.stdout, process.stderr].map(flushed));
  process.exit(code);
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableEnded) resolve();
    else stream.write("", () => resolve());
  });
}
