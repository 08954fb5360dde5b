import { exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";

/** What a command has found: an object for programs, lines for people. */
export interface Printed {
  readonly json: boolean;
  readonly value: object;
  readonly lines: readonly string[];
  /** Takes secrets out of a text. */
  readonly clean?: (text: string) => string;
}

/** Prints it to stdout, and gives back the exit code. In JSON whole numbers beyond 2^53 are texts. */
export function print(
  { stdout }: Pick<Host, "stdout">,
  { json, value, lines, clean = (text) => text }: Printed,
): number {
  stdout.write(`${clean(json ? JSON.stringify(value, digits, 2) : lines.join("\n"))}\n`);
  return exitCodes.ok.code;
}

function digits(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
