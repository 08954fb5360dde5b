import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { LadingError } from "../errors/index.ts";
import { ConfigSyntaxError } from "./config-syntax-error.ts";
import type { ConfigFile, ConfigProvider } from "./config.ts";
import { type ConfigDocument, documentProvider, mergeDocuments } from "./document-provider.ts";
import { environmentProvider } from "./environment-provider.ts";
import { parseDotenv } from "./parse-dotenv.ts";
import { parseToml } from "./parse-toml.ts";
import { projectFolder } from "./project-folder.ts";

/** What {@link loadProviders} reads from. */
export interface LoadProvidersOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** `true`: the global folder is `/var/dlt`, as in dlt. Default: whether this process runs as root. */
  readonly root?: boolean;
  /** Where secrets are mounted as files. Default: `/run/secrets`. */
  readonly mounted?: string;
}

/**
 * Reads the places where settings stand, in dlt's order (spec dlt-core 10.1): the environment with mounted secrets,
 * `.env` in the project folder, `.dlt/secrets.toml`, `.dlt/config.toml`; the last two over those of the global folder.
 * Throws `CONFIG_FILE_INVALID` with file, line and column.
 */
export async function loadProviders(options: LoadProvidersOptions): Promise<readonly ConfigProvider[]> {
  const { env, home, cwd, mounted = "/run/secrets", root = process.getuid?.() === 0 } = options;
  const project = projectFolder({ cwd, home, env });
  const folders = [globalFolder(home, env, root), join(project, env["DLT_CONFIG_FOLDER"] || ".dlt")];
  const dotenv = await readConfigFile(join(project, ".env"), parseDotenv);
  return [
    environmentProvider({ variables: env, mountedSecrets: await readMounted(mounted) }),
    environmentProvider({ name: ".env", variables: dotenv.content ?? {}, files: [dotenv.file] }),
    await tomlProvider("secrets.toml", true, folders),
    await tomlProvider("config.toml", false, folders),
  ];
}

/** dlt's global folder (spec dlt-core 9.1); never the one in the folder for temporary files, which anyone can write. */
function globalFolder(home: string, env: LoadProvidersOptions["env"], root: boolean): string {
  if (root) return "/var/dlt";
  const folder = join(home, ".dlt");
  const xdg = env["XDG_DATA_HOME"];
  return xdg && !existsSync(folder) ? join(xdg, "dlt") : folder;
}

async function tomlProvider(name: string, holdsSecrets: boolean, folders: readonly string[]): Promise<ConfigProvider> {
  const files = await Promise.all(folders.map((folder) => readConfigFile(join(folder, name), parseToml)));
  return documentProvider({
    name: `.dlt/${name}`,
    holdsSecrets,
    // The nearest first, as it is the first that a person would look at.
    files: files.map(({ file }) => file).toReversed(),
    document: files.reduce<ConfigDocument>((below, { content }) => mergeDocuments(below, content ?? {}), {}),
  });
}

async function readConfigFile<Content>(
  path: string,
  parse: (text: string) => Content | Promise<Content>,
): Promise<{ readonly file: ConfigFile; readonly content?: Content }> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) return { file: { path, found: false } };
  try {
    return { file: { path, found: true }, content: await parse(textOf(bytes, path)) };
  } catch (error) {
    if (!(error instanceof ConfigSyntaxError)) throw error;
    const { line, column, message } = error;
    throw fileInvalid(path, `:${line}:${column}: ${message}`, { line, column });
  }
}

/** Drops a byte order mark, and does not guess at what is no UTF-8. */
function textOf(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw fileInvalid(path, " is not UTF-8 text.", {});
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A folder `.env` is a Python environment.
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw fileInvalid(path, ` cannot be read (${code}).`, {});
  }
}

function fileInvalid(path: string, what: string, details: Readonly<Record<string, unknown>>): LadingError {
  return new LadingError("CONFIG_FILE_INVALID", `${path}${what}`, { details: { path, ...details } });
}

/** Mounted secrets by name: a file, or a folder with a file of its own name in it. None where they cannot be read. */
async function readMounted(folder: string): Promise<ReadonlyMap<string, string>> {
  const secrets = new Map<string, string>();
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const path = join(folder, name);
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    const text = await readFile(isFolder ? join(path, name) : path, "utf8").catch(() => undefined);
    if (text !== undefined) secrets.set(name, text.trim());
  }
  return secrets;
}
