import { ConfigSyntaxError } from "./config-syntax-error.ts";
import type { ConfigDocument } from "./document-provider.ts";

/**
 * The tables of a TOML file. Integers beyond 2^53 are `bigint`. Throws {@link ConfigSyntaxError}, which keeps the
 * first line of the parser's message only: the others show the file, and a secret may stand there.
 *
 * The parser is loaded with the first file: most projects have none, and no run should wait for it.
 */
export async function parseToml(text: string): Promise<ConfigDocument> {
  const { parse, TomlError } = await import("smol-toml");
  try {
    return parse(text, { integersAsBigInt: "asNeeded" });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = error.message.split("\n", 1)[0]?.replace(/^Invalid TOML document:\s*/, "") ?? "invalid TOML";
    throw new ConfigSyntaxError(message, error.line, error.column);
  }
}
