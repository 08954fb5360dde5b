import { createServer } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "./main.ts";
import { stopReason } from "./stop-signal.ts";
import { testingHost, type TestingHostOptions } from "./testing-host.ts";

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "lading-cli-"));
  await writeFile(join(cwd, "package.json"), "{}");
  await writeFile(join(cwd, "rows.csv"), "a,b");
  await writeFile(join(cwd, "helper.mjs"), "export const helper = 1;");
  await writeFile(join(cwd, "throws.mjs"), "throw new Error('no luck');");
});
afterAll(() => rm(cwd, { recursive: true }));

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function lading(argv: readonly string[], options: TestingHostOptions = {}): Promise<Outcome> {
  const host = testingHost({ cwd, ...options });
  const code = await main(argv, host);
  return { code, out: host.out(), err: host.err() };
}

describe("wrong use ends with 2 and says what was meant", () => {
  test.each([
    [["rnu"], "Did you mean run?"],
    [["run", "p.ts", "--frehs"], "Did you mean --fresh?"],
    [["run"], "missing required argument 'file'"],
    [["run", "a.ts", "b.ts"], "too many arguments"],
    [["run", "a.ts", "--json", "--quiet"], "cannot be used with"],
    [["run", "a.ts", "--resources", "a,,b"], "Names with commas between are wanted"],
    [["run", "nothing.ts"], "✗ FILE_NOT_FOUND nothing.ts is not there."],
    [["run", "."], "✗ FILE_NOT_FOUND . is a folder."],
    [["run", "rows.csv"], "✗ USAGE rows.csv is neither a module nor a document."],
    [["run", "helper.mjs"], "✗ NO_PIPELINE helper.mjs exports no pipeline (but helper)."],
    [["load", "rows.json"], "required option '--table <name>' not specified"],
    [["load", "rows.json", "--table", "t"], "✗ FILE_NOT_FOUND rows.json is not there."],
    [["load", "-", "-", "--table", "t"], "✗ USAGE Standard input (-) can be given only once."],
    [["load", "-", "--table", "t", "--write-disposition", "merge"], "Name them: --primary-key id"],
    [["load", "-", "--table", "t", "--write-disposition", "upsert"], "Allowed choices are append, replace, merge"],
    [["pipeline", "shop", "infos"], "(Did you mean info?)"],
    [["pipeline", "shop"], '✗ PIPELINE_NOT_FOUND No pipeline "shop" has run here.'],
    [["simulate", "stickyo"], 'There is no simulator "stickyo". Did you mean "stickyio"?'],
    [["simulate", "stickyio", "--port", "70000"], "A whole number from 0 to 65535 is wanted."],
    [["explain", "CONFIG_MISING"], 'Did you mean "CONFIG_MISSING"?'],
    [[], "Usage: lading"],
  ])("%j", async (argv, message) => {
    const { code, out, err } = await lading(argv);
    expect(err).toContain(message);
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});

describe("help", () => {
  test("has the commands, examples and exit codes", async () => {
    const { code, out, err } = await lading(["--help"]);
    expect([code, err]).toEqual([0, ""]);
    for (const part of [
      "run [options] <file>",
      "load [options] <files...>",
      "Examples:",
      "  3    failed; the same may work later",
      "  143  stopped by SIGTERM",
    ]) {
      expect(out).toContain(part);
    }
  });

  test.each(["run", "load", "pipeline", "simulate", "explain"])("of %s goes to stdout", async (command) => {
    const { code, out } = await lading([command, "--help"]);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: lading ${command}`);
  });

  test("has the version apart", async () => {
    expect((await lading(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("explain", () => {
  test("prints the entry of a code, however it is written", async () => {
    expect((await lading(["explain", "destination_locked"])).out).toMatch(
      /^DESTINATION_LOCKED  .+\.\n {2}.+\n {2}The same may work later/,
    );
  });

  test("lists all codes without one", async () => {
    expect((await lading(["explain"])).out).toMatch(/^CONFIG_MISSING +A setting has no value$/m);
  });
});

describe("a module that throws", () => {
  test("is an error with its message, and a stack trace only with --debug", async () => {
    const { code, err } = await lading(["run", "throws.mjs"]);
    expect(code).toBe(1);
    expect(err).toContain("✗ MODULE_FAILED");
    expect(err).toContain("because: no luck");
    expect(err).not.toContain("    at ");
    expect((await lading(["run", "throws.mjs", "--debug"])).err).toContain("    at ");
    expect((await lading(["run", "throws.mjs"], { env: { LADING_DEBUG: "1" } })).err).toContain("    at ");
  });
});

describe("simulate", () => {
  test("serves until it is stopped", async () => {
    const stop = new AbortController();
    const host = testingHost({ cwd, signal: stop.signal });
    const ended = main(["simulate", "stickyio", "--rows", "3", "--grow", "1", "--touch", "1"], host);
    const [first] = (await Promise.race([new Promise((resolve) => host.stdout.once("data", resolve)), ended])) as [
      string,
    ];
    expect(first).toBeDefined();
    const [url = "", credentials] = host.out().split("\n");
    expect(credentials).toBe("user demo, password demo");
    const authorization = `Basic ${Buffer.from("demo:demo").toString("base64")}`;
    const response = await fetch(`${url}/v2/orders`, { headers: { authorization } });
    expect(await response.json()).toMatchObject({ total: 4 });
    stop.abort(stopReason("SIGINT"));
    expect(await ended).toBe(0);
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  test("says which port is in use", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, err } = await lading(["simulate", "stickyio", "--port", String(port)]);
    server.close();
    expect(code).toBe(2);
    expect(err).toContain(`Port ${port} is in use.`);
  });
});
