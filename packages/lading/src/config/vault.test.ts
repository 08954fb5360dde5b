import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LadingError } from "../errors/index.ts";
import { createConfig } from "./create-config.ts";
import type { ConfigDocument } from "./document-provider.ts";
import { loadProviders, type LoadProvidersOptions } from "./load-providers.ts";
import { vaultCommand, type VaultCommandOptions } from "./vault-command.ts";
import { vaultFunction } from "./vault-function.ts";
import { askedOnce, vaultProvider } from "./vault.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lading-vault-"));
});
afterEach(() => rm(folder, { recursive: true }));

const { signal } = new AbortController();
const node = (script: string): VaultCommandOptions["command"] => [process.execPath, "-e", script];
const prints = (value: unknown): VaultCommandOptions["command"] =>
  node(`console.log(${JSON.stringify(JSON.stringify(value))})`);
const ask = (options: Partial<VaultCommandOptions>): Promise<ConfigDocument> =>
  vaultCommand({ command: prints({}), ...options }).fetch({ signal });

async function errorOf(promise: Promise<unknown>): Promise<LadingError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!LadingError.is(error)) throw new Error(`expected an error of Lading, not ${String(error)}`);
  expect(`${error.message} ${error.hint} ${JSON.stringify(error.details)} ${String(error.cause)}`).not.toContain(
    "hunter22",
  );
  return error;
}

describe("a vault", () => {
  test("has its settings in tables, or spelled as the environment spells them", async () => {
    const vault = vaultFunction(() => ({
      sources: { shop: { token: "nested" } },
      DESTINATION__DUCKDB__CREDENTIALS: "x",
    }));
    const config = createConfig({ providers: [await vaultProvider(vault, { signal })] });
    expect(config.secret("token", ["sources", "shop"])).toBe("nested");
    expect(config.get("credentials", ["destination", "duckdb"])).toBe("x");
    expect(config.where?.("token", ["sources", "shop"])).toBe("sources.shop.token in vault");
  });

  test("comes after all files, and is told whose settings are wanted", async () => {
    await mkdir(join(folder, ".dlt"));
    await writeFile(join(folder, ".dlt/config.toml"), "a = 1");
    const asked: unknown[] = [];
    const vault = vaultFunction((request) => {
      asked.push(request.pipelineName);
      return { a: 2, b: 2 };
    });
    const providers = await load({ vaults: [vault], pipelineName: "shop" });
    const config = createConfig({ providers });
    expect([config.get("a"), config.get("b"), config.get("b"), asked]).toEqual([1, 2, 2, ["shop"]]);
  });

  test("that fails is an error with its cause, and one that gives no table is another", async () => {
    const cause = new Error("not logged in");
    const failing = vaultFunction(() => Promise.reject(cause), { name: "keys" });
    expect(await errorOf(vaultProvider(failing, { signal }))).toMatchObject({
      code: "VAULT_FAILED",
      message: 'The vault "keys" could not be asked.',
      cause,
    });
    const list = vaultFunction(() => ["hunter22"] as never);
    expect(await errorOf(vaultProvider(list, { signal }))).toMatchObject({ code: "VAULT_INVALID" });
  });

  test("can be asked once for several readers, and once more after it failed", async () => {
    let times = 0;
    const vault = askedOnce(
      vaultFunction(() => {
        times += 1;
        if (times === 1) throw new Error("busy");
        return { times };
      }),
    );
    await expect(vault.fetch({ signal })).rejects.toThrow("busy");
    expect([await vault.fetch({ signal }), await vault.fetch({ signal })]).toEqual([{ times: 2 }, { times: 2 }]);
  });
});

describe("a vault that is a command", () => {
  test("is what the command prints, to the last digit", async () => {
    expect(await ask({ command: node('console.log(\'{"a": {"pin": 12345678901234567890}}\')') })).toEqual({
      a: { pin: 12345678901234567890n },
    });
  });

  test("may print TOML, or have its settings further in, or further out", async () => {
    expect(await ask({ command: node("console.log('[a]\\nb = 1')"), format: "toml" })).toEqual({ a: { b: 1 } });
    const command = prints({ data: { data: { token: "t" } } });
    expect(await ask({ command, select: "data.data", section: "sources.shop" })).toEqual({
      sources: { shop: { token: "t" } },
    });
    expect(await errorOf(ask({ command, select: "data.wrong" }))).toMatchObject({ code: "VAULT_INVALID" });
  });

  test("gets its arguments as they are: no shell reads them", async () => {
    const script = "console.log(JSON.stringify({ args: process.argv.slice(1) }))";
    const args = ["$HOME", "; echo x", "`id`", "a b", '"'];
    expect(await ask({ command: [process.execPath, "-e", script, ...args] })).toEqual({ args });
  });

  test.each([
    ["ends with a code", node("console.error('hunter22'); process.exit(3)"), "ended with exit code 3"],
    ["is ended by a signal", node("process.kill(process.pid, 'SIGTERM')"), "was ended by SIGTERM"],
    ["is not there", ["no-such-program-hunter"], "cannot be started (ENOENT)"],
    ["takes too long", node("setTimeout(() => {}, 60000)"), "took longer than 700 ms"],
    ["prints too much", node("console.log('hunter22'.repeat(1000))"), "printed more than 5000 bytes"],
  ] as const)("that %s is VAULT_FAILED, and what it printed is not shown", async (_, command, says) => {
    const error = await errorOf(
      ask({ command: [...command] as never, timeout: says.includes("700") ? 700 : 20_000, maxBytes: 5000 }),
    );
    expect(error.code).toBe("VAULT_FAILED");
    expect(error.message).toContain(says);
  });

  test.each(["hunter22", '{"a": hunter22', '["hunter22"]', ""])("that prints %j is VAULT_INVALID", async (text) => {
    const error = await errorOf(ask({ command: node(`process.stdout.write(${JSON.stringify(text)})`) }));
    expect(error.code).toBe("VAULT_INVALID");
  });

  test("is ended with what it started when it takes too long", async () => {
    const file = join(folder, "pid");
    const child = `require("fs").writeFileSync(${JSON.stringify(file)}, String(process.pid)); setTimeout(() => {}, 60000)`;
    const command = node(`require("child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(child)}])`);
    await errorOf(ask({ command, timeout: 2000 }));
    const pid = Number(await readFile(file, "utf8"));
    await expect.poll(() => isRunning(pid), { timeout: 5000 }).toBe(false);
  });

  test("is given up with the run", async () => {
    const stop = new AbortController();
    const reason = new Error("stopped");
    const asked = vaultProvider(vaultCommand({ command: node("setTimeout(() => {}, 60000)") }), {
      signal: stop.signal,
    });
    stop.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });

  test.each([[[]], [[""]], [["a", 1]], ["a b"]])("is a list of texts: %j", (command) => {
    expect(() => vaultCommand({ command: command as never })).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }),
    );
  });
});

describe("a command named in settings", () => {
  const json = JSON.stringify(prints({ data: { token: "from the vault" } }));

  test("is asked where the user's own places name it", async () => {
    const env = {
      PROVIDERS__COMMAND__COMMAND: json,
      PROVIDERS__COMMAND__SELECT: "data",
      PROVIDERS__COMMAND__TIMEOUT: "20",
    };
    expect(createConfig({ providers: await load({ env }) }).get("token")).toBe("from the vault");

    await mkdir(join(folder, "home/.dlt"), { recursive: true });
    await writeFile(join(folder, "home/.dlt/config.toml"), `[providers.command]\ncommand = ${json}\nselect = "data"`);
    expect(createConfig({ providers: await load({}) }).get("token")).toBe("from the vault");
  });

  test.each([".env", ".dlt/config.toml", ".dlt/secrets.toml"])(
    "is not run where %s of a project names it",
    async (file) => {
      const ran = join(folder, "ran");
      const command = JSON.stringify(node(`require("fs").writeFileSync(${JSON.stringify(ran)}, "")`));
      await mkdir(join(folder, ".dlt"));
      const text =
        file === ".env" ? `PROVIDERS__COMMAND__COMMAND='${command}'` : `[providers.command]\ncommand = ${command}`;
      await writeFile(join(folder, file), text);
      const error = await errorOf(load({}));
      expect(error).toMatchObject({ code: "CONFIG_INVALID" });
      expect(error.message).toContain("A command may not be named in a project's files");
      await expect(readFile(ran)).rejects.toThrow("ENOENT");
    },
  );

  test.each([
    [{ PROVIDERS__COMMAND__COMMAND: "op read" }, "is not a list"],
    [{ PROVIDERS__COMMAND__COMMAND: json, PROVIDERS__COMMAND__FORMAT: "xml" }, "neither"],
    [{ PROVIDERS__COMMAND__COMMAND: json, PROVIDERS__COMMAND__TIMEOUT: "long" }, "is not a number"],
  ])("has its types: %j", async (env, says) => {
    const error = await errorOf(load({ env }));
    expect([error.code, error.message.includes(says)]).toEqual(["CONFIG_INVALID", true]);
  });
});

function load(options: Partial<LoadProvidersOptions>): ReturnType<typeof loadProviders> {
  return loadProviders({
    cwd: folder,
    home: join(folder, "home"),
    env: {},
    root: false,
    mounted: "/nowhere",
    ...options,
  });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
