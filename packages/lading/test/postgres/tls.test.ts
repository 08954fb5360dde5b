import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgres } from "../../src/destinations/postgres/index.ts";
import { noConfig } from "./load.ts";
import { postgresServer, type PostgresServer } from "./server.ts";

const file = (name: string): string => join(import.meta.dirname, "certificates", name);
const text = (name: string): string => readFileSync(file(name), "utf8");

// A server of its own, which gets certificates.
let server: PostgresServer;
beforeAll(async () => {
  server = await postgresServer();
}, 60_000);
afterAll(() => server.stop());

/** Whether the connection is encrypted, by what the server says. */
async function encrypted(query: string, host = "127.0.0.1"): Promise<unknown> {
  const url = `postgresql://lading:lading-test@${host}:${server.port}/postgres?${query}`;
  const client = await postgres(url).connect({
    pipeline: "p",
    dataset: "d",
    config: noConfig,
    folder: "/",
    workingFolder: "/",
    signal: new AbortController().signal,
  });
  try {
    const question = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    for await (const [row] of client.reader().query(question, [])) return row!["ssl"];
    return undefined;
  } finally {
    await client.close();
  }
}

const refused = { code: "DESTINATION_UNREACHABLE", hint: expect.stringContaining("sslrootcert") as string };
const root = `sslrootcert=${file("root.crt")}`;
const rules = (type: string): string => `${type} all all 127.0.0.1/32 scram-sha-256\n`;

/** The server with a certificate. */
async function certified(name: string, rule = "host"): Promise<void> {
  await server.configure({
    "server.crt": text(`${name}.crt`),
    "server.key": text(`${name}.key`),
    "pg_hba.conf": rules(rule),
    "postgresql.auto.conf": "ssl = on\n",
  });
}

describe("a server without TLS", () => {
  test.each(["disable", "allow", "prefer"])("is talked to in the clear: %s", async (mode) => {
    expect(await encrypted(`sslmode=${mode}`)).toBe(false);
  });

  test("is talked to in the clear where nothing is said", async () => {
    expect(await encrypted("")).toBe(false);
  });

  test.each(["require", `verify-ca&${root}`, "verify-full"])("is not talked to: %s", async (mode) => {
    await expect(encrypted(`sslmode=${mode}`)).rejects.toMatchObject({ code: "DESTINATION_UNREACHABLE" });
  });
});

describe("a server with a certificate for its host", () => {
  beforeAll(() => certified("local"), 60_000);

  test.each([
    ["disable", false],
    ["allow", false],
    ["prefer", true],
    ["require", true],
    [`require&${root}`, true],
    [`verify-ca&${root}`, true],
    [`verify-full&${root}`, true],
  ])("%s: encrypted %s", async (mode, isEncrypted) => {
    expect(await encrypted(`sslmode=${mode}`)).toBe(isEncrypted);
    expect(await encrypted(`sslmode=${mode}`, "localhost")).toBe(isEncrypted);
  });

  test("is talked to with TLS where nothing is said, as with libpq", async () => {
    expect(await encrypted("")).toBe(true);
  });

  test.each([
    `require&sslrootcert=${file("other.crt")}`,
    `verify-ca&sslrootcert=${file("other.crt")}`,
    `verify-full&sslrootcert=${file("other.crt")}`,
    "verify-full",
    "verify-full&sslrootcert=system",
  ])("is not the one for whom another authority signs: %s", async (mode) => {
    await expect(encrypted(`sslmode=${mode}`)).rejects.toMatchObject(refused);
  });

  test("needs an authority to verify it by", async () => {
    await expect(encrypted("sslmode=verify-ca")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await expect(encrypted("sslmode=verify-ca&sslrootcert=/nowhere.crt")).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
    await expect(encrypted("sslmode=strict")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });
});

describe("a server that takes only what is encrypted", () => {
  beforeAll(() => certified("local", "hostssl"), 60_000);

  test("is reached by allow, the second way", async () => {
    expect(await encrypted("sslmode=allow")).toBe(true);
    await expect(encrypted("sslmode=disable")).rejects.toMatchObject({ code: "DESTINATION_UNAUTHORIZED" });
  });
});

describe("a server that takes only what is not encrypted", () => {
  beforeAll(() => certified("local", "hostnossl"), 60_000);

  test("is reached by prefer, the second way", async () => {
    expect(await encrypted("sslmode=prefer")).toBe(false);
    await expect(encrypted("sslmode=require")).rejects.toMatchObject({ code: "DESTINATION_UNAUTHORIZED" });
  });
});

describe("a server with a certificate for another host", () => {
  beforeAll(() => certified("elsewhere"), 60_000);

  test("is refused only by verify-full", async () => {
    expect(await encrypted(`sslmode=verify-ca&${root}`)).toBe(true);
    await expect(encrypted(`sslmode=verify-full&${root}`)).rejects.toMatchObject(refused);
  });
});

describe("a server with a certificate of long ago", () => {
  beforeAll(() => certified("expired"), 60_000);

  test("is refused by all that verify", async () => {
    expect(await encrypted("sslmode=require")).toBe(true);
    for (const mode of ["require", "verify-ca", "verify-full"])
      await expect(encrypted(`sslmode=${mode}&${root}`)).rejects.toMatchObject(refused);
  });
});
