import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { LadingError } from "../../errors/index.ts";
import type { Surroundings } from "./connection.ts";

/** What a password is for. */
export interface PasswordFor {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
}

/**
 * The password that `.pgpass` has: the first line `host:port:database:user:password` that fits; `*` fits everything, and
 * a backslash takes the meaning from what comes after it.
 *
 * @param path default: `PGPASSFILE`, else `.pgpass` in the home folder (`postgresql/pgpass.conf` in %APPDATA% on Windows)
 * @throws LadingError CONFIG_INVALID where others may read the file: libpq would pass it over
 */
export function passwordFromFile(
  wanted: PasswordFor,
  path: string | undefined,
  { env, home }: Surroundings,
): string | undefined {
  const usual =
    process.platform === "win32" ? join(env["APPDATA"] ?? home, "postgresql", "pgpass.conf") : join(home, ".pgpass");
  const file = path ?? (env["PGPASSFILE"] || usual);
  const status = statSync(file, { throwIfNoEntry: false });
  if (status?.isFile() !== true) return undefined;
  const password = passwordIn(readFileSync(file, "utf8"), wanted);
  if (password !== undefined && process.platform !== "win32" && (status.mode & 0o077) !== 0) {
    throw new LadingError("CONFIG_INVALID", `Others may read the passwords in ${file}.`, {
      hint: `chmod 600 ${file}`,
    });
  }
  return password;
}

function passwordIn(text: string, { host, port, database, username }: PasswordFor): string | undefined {
  // A socket's folder is called localhost there.
  const wanted = [host.startsWith("/") ? "localhost" : host, String(port), database, username];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const parts = line.match(/(?:\\[^]|[^:\\])+|(?<=^|:)(?=:|$)/g) ?? [];
    const [, , , , password] = parts;
    if (password === undefined) continue;
    if (wanted.every((part, i) => parts[i] === "*" || unescaped(parts[i]!) === part)) return unescaped(password);
  }
  return undefined;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([^])/g, "$1");
}
