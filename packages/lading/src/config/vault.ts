import { LadingError } from "../errors/index.ts";
import { orAborted } from "../util/abort.ts";
import type { ConfigProvider } from "./config.ts";
import { type ConfigDocument, isTable, valueAt } from "./document-provider.ts";

/** What a vault is told when it is asked. */
export interface VaultRequest {
  /** Whose settings are wanted. */
  readonly pipelineName?: string | undefined;
  /** The profile in use, where the project is a workspace. */
  readonly profile?: string | undefined;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/**
 * A place away from this machine where settings and secrets are kept. It is asked once, at the start of each run, for all that
 * it has, and then for nothing more; it comes last, as in dlt (spec dlt-core 10.1).
 */
export interface Vault {
  /** For messages. */
  readonly name: string;
  /**
   * Its settings as nested tables, as they would stand in `secrets.toml`. Names in capitals at the top are read as variables of
   * the environment are: `SOURCES__SHOP__TOKEN`.
   */
  fetch(request: VaultRequest): Promise<ConfigDocument>;
}

/**
 * Asks a vault, and gives what it has as a place for settings. Throws `VAULT_FAILED` where it does not answer,
 * `VAULT_INVALID` where the answer is no table. Neither shows anything of the answer.
 */
export async function vaultProvider(vault: Vault, request: VaultRequest): Promise<ConfigProvider> {
  request.signal.throwIfAborted();
  const document: unknown = await orAborted(vault.fetch(request), request.signal).catch((cause: unknown) => {
    request.signal.throwIfAborted();
    if (LadingError.is(cause)) throw cause;
    throw new LadingError("VAULT_FAILED", `The vault "${vault.name}" could not be asked.`, {
      cause,
      details: { vault: vault.name },
    });
  });
  if (!isTable(document)) throw vaultInvalid(vault.name, "is no table of settings");
  const locate = (path: readonly string[]): string => path.join(".");
  return {
    name: vault.name,
    holdsSecrets: true,
    locate,
    get: (path) => valueAt(document, path) ?? valueAt(document, [path.join("__").toUpperCase()]),
  };
}

/** Once it has answered, a vault answers the same again without being asked. */
export function askedOnce(vault: Vault): Vault {
  let answer: Promise<ConfigDocument> | undefined;
  return {
    name: vault.name,
    async fetch(request) {
      answer ??= vault.fetch(request);
      try {
        return await answer;
      } catch (error) {
        answer = undefined;
        throw error;
      }
    },
  };
}

export function vaultInvalid(vault: string, what: string): LadingError {
  return new LadingError("VAULT_INVALID", `What the vault "${vault}" answered ${what}.`, { details: { vault } });
}
