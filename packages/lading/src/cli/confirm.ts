import { createInterface } from "node:readline/promises";
import { LadingError } from "../errors/index.ts";
import { exitCodeOf } from "./exit-codes.ts";
import type { Host } from "./host.ts";

/** How a command that takes something away is let go on. */
export interface ConsentOptions {
  /** Nobody is asked. */
  readonly yes?: boolean;
  /** It only says what would be done. */
  readonly dryRun?: boolean;
}

/** Throws `USAGE` where somebody must be asked, and nobody is there. */
export function checkConsent({ yes = false, dryRun = false }: ConsentOptions, { stdin }: Pick<Host, "stdin">): void {
  if (yes || dryRun || stdin.isTTY === true) return;
  throw new LadingError("USAGE", "This takes something away, and nobody can be asked: standard input is no terminal.", {
    hint: "Say --yes where it is to be done without asking, or --dry-run to see what would be done.",
  });
}

/**
 * Shows what would be done, and asks; the answer is no unless it is `y` or `yes`. Both go to stderr.
 * @returns `undefined` where it is to be done, else the exit code
 */
export async function refusal(
  question: string,
  lines: readonly string[],
  { yes = false }: ConsentOptions,
  host: Host,
): Promise<number | undefined> {
  if (yes) return undefined;
  host.stderr.write(`${lines.join("\n")}\n`);
  const answer = await ask(`${question} [y/N] `, host);
  if (/^\s*y(es)?\s*$/i.test(answer)) return undefined;
  host.stderr.write("Nothing was changed.\n");
  return exitCodeOf(undefined, host.signal);
}

/** The line that was typed; none where the input ends or the command is stopped. */
async function ask(question: string, { stdin, stderr, signal }: Host): Promise<string> {
  // Not as a terminal: Ctrl-C stays a signal.
  const lines = createInterface({ input: stdin, output: stderr, terminal: false });
  try {
    const ended = new Promise<string>((resolve) => void lines.once("close", () => resolve("")));
    return await Promise.race([lines.question(question, { signal }), ended]);
  } catch (error) {
    if (!signal.aborted) throw error;
    return "";
  } finally {
    lines.close();
  }
}
