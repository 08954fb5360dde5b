import type { ConfigDocument } from "./document-provider.ts";
import type { Vault, VaultRequest } from "./vault.ts";

/**
 * A vault that is a function: for those that have a client of their own.
 *
 * ```ts
 * const vault = vaultFunction(async ({ pipelineName }) => JSON.parse(await readSecret(`lading/${pipelineName}`)));
 * pipeline({ name: "shop", source: shop, destination: duckdb(), vaults: [vault] });
 * ```
 *
 * @param fetch gives all settings that it has as nested tables, once for each run
 * @param options.name for messages; default: `vault`
 */
export function vaultFunction(
  fetch: (request: VaultRequest) => ConfigDocument | Promise<ConfigDocument>,
  { name = "vault" }: { readonly name?: string } = {},
): Vault {
  return { name, fetch: async (request) => fetch(request) };
}
