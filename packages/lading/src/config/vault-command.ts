import { basename } from "node:path";
import { LadingError } from "../errors/index.ts";
import { JsonSyntaxError, parseExact, toPlain } from "../util/json.ts";
import { ConfigSyntaxError } from "./config-syntax-error.ts";
import { type ConfigDocument, isTable, valueAt } from "./document-provider.ts";
import { parseToml } from "./parse-toml.ts";
import { type Vault, vaultInvalid, type VaultRequest } from "./vault.ts";

/** Options of {@link vaultCommand}. */
export interface VaultCommandOptions {
  /** The program and its arguments, each by itself: no shell reads them. */
  readonly command: readonly [string, ...string[]];
  /** For messages. Default: the program's name. */
  readonly name?: string;
  /** What is printed. Default: `json`. */
  readonly format?: "json" | "toml";
  /** Where the settings are in what is printed: `data.data`. Default: all of it. */
  readonly select?: string;
  /** Where they belong: `sources.shop`. Default: at the top. */
  readonly section?: string;
  /** Milliseconds. Default: 30,000. */
  readonly timeout?: number;
  /** Bytes that may be printed. Default: 1 MB. */
  readonly maxBytes?: number;
  /** Variables of the program. Default: those of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * A vault that is a command, which prints settings as JSON: `op`, `vault kv get -format=json`, `doppler secrets download`,
 * `gcloud secrets versions access`, or a script. It gets no input, and what it prints to stderr is thrown away, since a secret
 * may stand there; it is ended, with all that it started, when it takes too long or prints too much.
 *
 * ```ts
 * vaultCommand({ command: ["vault", "kv", "get", "-format=json", "secret/shop"], select: "data.data", section: "sources.shop" });
 * ```
 *
 * Throws `INVALID_ARGUMENT` for a command that is none; when it is asked, `VAULT_FAILED` and `VAULT_INVALID`.
 */
export function vaultCommand(options: VaultCommandOptions): Vault {
  const [program] = Array.isArray(options.command) ? options.command : [];
  if (typeof program !== "string" || program === "" || options.command.some((part) => typeof part !== "string")) {
    throw new LadingError(
      "INVALID_ARGUMENT",
      "The command of a vault is a list of texts, the first of which is the program.",
    );
  }
  const name = options.name ?? basename(program);
  return {
    name,
    async fetch(request) {
      const text = await output(name, options, request);
      const printed = await parse(name, text, options.format ?? "json");
      const selected = options.select === undefined ? printed : valueAt(printed, options.select.split("."));
      if (!isTable(selected)) throw vaultInvalid(name, `has no table at ${options.select ?? "its top"}`);
      const sections = options.section?.split(".") ?? [];
      return sections.reduceRight<ConfigDocument>((inner, section) => ({ [section]: inner }), selected);
    },
  };
}

async function parse(name: string, text: string, format: "json" | "toml"): Promise<ConfigDocument> {
  try {
    const document = format === "toml" ? await parseToml(text) : toPlain(parseExact(text));
    if (isTable(document)) return document;
  } catch (error) {
    // Their messages may show a part of the text.
    if (!(error instanceof JsonSyntaxError || error instanceof ConfigSyntaxError)) throw error;
  }
  throw vaultInvalid(name, `is no table of settings in ${format === "toml" ? "TOML" : "JSON"}`);
}

async function output(name: string, options: VaultCommandOptions, { signal }: VaultRequest): Promise<string> {
  // Most runs have no vault, and need not wait for it.
  const { spawn } = await import("node:child_process");
  signal.throwIfAborted();
  const { command, timeout = 30_000, maxBytes = 1_000_000, env = process.env } = options;
  const [program, ...args] = command;
  return await new Promise((resolve, reject) => {
    // In a group of its own, so that what it starts ends with it.
    const isGroup = process.platform !== "win32";
    const child = spawn(program, args, {
      env,
      shell: false,
      windowsHide: true,
      detached: isGroup,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (reason: unknown): void => {
      kill(child.pid, isGroup);
      child.stdout.destroy();
      settle(() => reject(reason));
    };
    const failed = (what: string, details: object = {}): LadingError =>
      new LadingError("VAULT_FAILED", `The command of the vault "${name}" ${what}.`, {
        details: { vault: name, ...details },
      });
    const timer = setTimeout(() => stop(failed(`took longer than ${timeout} ms`)), timeout);
    const onAbort = (): void => stop(signal.reason);
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      finish();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) stop(failed(`printed more than ${maxBytes} bytes`));
      else chunks.push(chunk);
    });
    child.on("error", (error: NodeJS.ErrnoException) =>
      settle(() => reject(failed(`cannot be started (${error.code ?? "unknown"})`, { code: error.code }))),
    );
    child.on("close", (code, killedBy) =>
      settle(() => {
        if (code === 0) return resolve(Buffer.concat(chunks).toString("utf8"));
        reject(failed(code === null ? `was ended by ${killedBy}` : `ended with exit code ${code}`, { exitCode: code }));
      }),
    );
  });
}

function kill(pid: number | undefined, isGroup: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(isGroup ? -pid : pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
