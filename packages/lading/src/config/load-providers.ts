import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { LadingError } from "../errors/index.ts";
import { ConfigSyntaxError } from "./config-syntax-error.ts";
import type { ConfigFile, ConfigProvider } from "./config.ts";
import { type ConfigDocument, documentProvider, mergeDocuments, valueAt } from "./document-provider.ts";
import { environmentProvider } from "./environment-provider.ts";
import { parseDotenv } from "./parse-dotenv.ts";
import { parseToml } from "./parse-toml.ts";
import { activeProfile, settingsFolder } from "./profile.ts";
import { projectFolder } from "./project-folder.ts";
import { configuredVault } from "./configured-vault.ts";
import { type Vault, vaultProvider } from "./vault.ts";

/** What {@link loadProviders} reads from. */
export interface LoadProvidersOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The profile of the workspace. Default: as dlt chooses it, see `activeProfile`. */
  readonly profile?: string | undefined;
  /** Asked after all files, in this order. Default: none but the one that the user's own settings name. */
  readonly vaults?: readonly Vault[];
  /** For the vaults: whose settings are wanted. */
  readonly pipelineName?: string | undefined;
  /** Ends the asking of vaults. Default: nothing does. */
  readonly signal?: AbortSignal;
  /** `true`: the global folder is `/var/dlt`, as in dlt. Default: whether this process runs as root. */
  readonly root?: boolean;
  /** Where secrets are mounted as files. Default: `/run/secrets`. */
  readonly mounted?: string;
}

/**
 * Reads the places where settings stand, in dlt's order (spec dlt-core 10.1): the environment with mounted secrets,
 * `.env` in the project folder, `.dlt/secrets.toml`, `.dlt/config.toml`; the last two over those of the global folder, and in
 * a workspace the profile's own (`.dlt/prod.secrets.toml`) over both.
 * Vaults come last; each is asked here, once.
 * Throws `VAULT_FAILED`, `VAULT_INVALID`; `CONFIG_FILE_INVALID` with file, line and column; `INVALID_ARGUMENT` for a profile that cannot be.
 */
export async function loadProviders(options: LoadProvidersOptions): Promise<readonly ConfigProvider[]> {
  const { env, home, cwd, mounted = "/run/secrets", root = process.getuid?.() === 0 } = options;
  const project = projectFolder({ cwd, home, env });
  const profile = activeProfile({ project, env, profile: options.profile });
  const own = globalFolder(home, env, root);
  const folders = [own, settingsFolder({ project, env })];
  const dotenv = await readConfigFile(join(project, ".env"), parseDotenv);
  const providers = [
    environmentProvider({ variables: env, mountedSecrets: await readMounted(mounted) }),
    environmentProvider({ name: ".env", variables: dotenv.content ?? {}, files: [dotenv.file] }),
    await tomlProvider("secrets.toml", true, folders, profile),
    await tomlProvider("config.toml", false, folders, profile),
  ];
  const configured = configuredVault(providers, own);
  const vaults = [...(options.vaults ?? []), ...(configured === undefined ? [] : [configured])];
  const request = {
    pipelineName: options.pipelineName,
    profile,
    signal: options.signal ?? new AbortController().signal,
  };
  return [...providers, ...(await Promise.all(vaults.map((vault) => vaultProvider(vault, request))))];
}

/** dlt's global folder (spec dlt-core 9.1); never the one in the folder for temporary files, which anyone can write. */
function globalFolder(home: string, env: LoadProvidersOptions["env"], root: boolean): string {
  if (root) return "/var/dlt";
  const folder = join(home, ".dlt");
  const xdg = env["XDG_DATA_HOME"];
  return xdg && !existsSync(folder) ? join(xdg, "dlt") : folder;
}

async function tomlProvider(
  name: string,
  holdsSecrets: boolean,
  folders: readonly string[],
  profile: string | undefined,
): Promise<ConfigProvider> {
  const names = profile === undefined ? [name] : [name, `${profile}.${name}`];
  const paths = folders.flatMap((folder) => names.map((one) => join(folder, one)));
  const files = await Promise.all(paths.map((path) => readConfigFile(path, parseToml)));
  // The nearest first, as it is the first that a person would look at.
  const nearest = files.toReversed();
  const plain = nearest.find(({ file }) => file.path.endsWith(join(sep, name)));
  return {
    ...documentProvider({
      name: `.dlt/${name}`,
      holdsSecrets,
      files: nearest.map(({ file }) => file),
      document: files.reduce<ConfigDocument>((below, { content }) => mergeDocuments(below, content ?? {}), {}),
    }),
    within(path) {
      const holder = nearest.find(({ content }) => content !== undefined && valueAt(content, path) !== undefined);
      return holder === undefined || holder === plain ? undefined : holder.file.path;
    },
  };
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
