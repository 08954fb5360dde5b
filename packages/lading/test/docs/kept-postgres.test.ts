import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ask } from "../postgres/load.ts";

const script = pathToFileURL(join(import.meta.dirname, "../../../../scripts/lib/postgres-server.mjs")).href;
const { startPostgres } = (await import(script)) as {
  readonly startPostgres: (options: {
    readonly keep: string;
    readonly signal?: AbortSignal;
  }) => Promise<{ readonly url: string; readonly isKept: boolean; stop(): Promise<void> }>;
};

/** Starts a server in a process of its own, which never ends by itself, and gives its address. */
async function elsewhere(keep: string): Promise<{ readonly url: string; kill(): Promise<void> }> {
  const program = `
    const { startPostgres } = await import(${JSON.stringify(script)});
    console.log((await startPostgres({ keep: ${JSON.stringify(keep)} })).url);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  return {
    url: said.toString().trim(),
    async kill() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

describe("a PostgreSQL server whose data is kept", () => {
  let folder: string;
  let keep: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lading-kept-"));
    // Where root runs the tests the server runs as somebody else, who must get into the folder.
    chmodSync(folder, 0o755);
    keep = join(folder, "kept");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("has it the next time, and a password that nobody knows", async () => {
    const first = await startPostgres({ keep });
    await ask(first.url, "CREATE TABLE kept AS SELECT 7 AS value");
    await first.stop();
    await expect(ask(first.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");

    const second = await startPostgres({ keep });
    expect(await ask(second.url, "SELECT value FROM kept")).toEqual([{ value: 7 }]);
    expect(second.isKept).toBe(true);
    expect(new URL(second.url).password).toMatch(/^[0-9a-f]{32}$/);
    await second.stop();
  });

  test("is for one process at a time; what a killed one has left running is stopped", async () => {
    const other = await elsewhere(keep);
    await expect(startPostgres({ keep })).rejects.toThrow(/^Process \d+ is at work in .*kept\.$/);
    expect(await ask(other.url, "SELECT 1 AS answers")).toEqual([{ answers: 1 }]);

    await other.kill();
    const next = await startPostgres({ keep });
    await expect(ask(other.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
    await next.stop();
  });

  test("is stopped where the signal has come", async () => {
    const controller = new AbortController();
    const server = await startPostgres({ keep, signal: controller.signal });
    controller.abort();
    await server.stop();
    await expect(ask(server.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
  });

  test.runIf(process.getuid?.() === 0)("is not kept where root alone may enter the folder", async () => {
    chmodSync(folder, 0o700);
    const server = await startPostgres({ keep });
    expect(server.isKept).toBe(false);
    expect(await ask(server.url, "SELECT 1 AS answers")).toEqual([{ answers: 1 }]);
    await server.stop();
  });
});
