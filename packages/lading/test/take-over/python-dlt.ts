import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { DltDestination } from "./databases.ts";

/** What dlt says of one run. */
export interface DltRun {
  /** The chain of exceptions, outermost first. */
  readonly error: readonly string[] | null;
  readonly log: readonly string[];
  /** Tables and columns that it had to make. */
  readonly schema_update: Readonly<Record<string, readonly string[]>>;
  readonly loads: readonly string[];
}

/** Hashes as they are stored, each beside the one that dlt computes from what it was stored with. */
export interface DltCheck {
  readonly versions: readonly (readonly [string, string])[];
  readonly states: readonly (readonly [string, string])[];
}

/** A process with the real dlt, which serves one request after the other. */
export interface PythonDlt extends AsyncDisposable {
  readonly version: string;
  /** @param request JSON texts by key, so that numbers stay as they were written */
  run(request: Readonly<Record<string, string>>): Promise<DltRun>;
  check(destination: DltDestination, dataset: string): Promise<DltCheck>;
}

/** Starts dlt in a process of its own; its logs go to `folder`. */
export async function startDlt(executable: string, folder: string): Promise<PythonDlt> {
  const { PYTHONPATH: _path, PYTHONHOME: _home, ...env } = process.env;
  const child = spawn(executable, [join(import.meta.dirname, "dlt-runner.py")], {
    cwd: folder,
    env: {
      ...env,
      DLT_DATA_DIR: join(folder, "dlt"),
      DLT_PROJECT_DIR: folder,
      PYTHONDONTWRITEBYTECODE: "1",
      // The order of its sets, and so of hashes in the state, is the same in every run of the tests.
      PYTHONHASHSEED: "0",
      TZ: "UTC",
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
  const closed = new Promise<void>((resolve) => void child.on("close", () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();

  async function answer<T>(): Promise<T> {
    const { done, value } = (await lines.next()) as IteratorResult<string, undefined>;
    if (done === true) throw new Error(`Python has ended:\n${said}`);
    const found = JSON.parse(value) as T & { readonly failed?: readonly string[] };
    if (found.failed !== undefined) throw new Error(`Python failed: ${found.failed.join("\n")}\n${said}`);
    return found;
  }
  function ask<T>(line: string): Promise<T> {
    const asked = last.then(() => {
      child.stdin.write(`${line}\n`);
      return answer<T>();
    });
    last = asked.catch(() => {});
    return asked;
  }

  const { dlt } = await answer<{ readonly dlt: string }>();
  return {
    version: dlt,
    run: (request) =>
      ask(
        `{"do":"run",${Object.entries(request)
          .map(([key, json]) => `${JSON.stringify(key)}:${json}`)
          .join(",")}}`,
      ),
    check: (destination, dataset) => ask(JSON.stringify({ do: "check", destination, dataset })),
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await closed;
    },
  };
}
