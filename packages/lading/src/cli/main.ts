import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { operationFirst } from "./operation-first.ts";
import { createProgram } from "./program.ts";
import { reportError } from "./report-error.ts";

/**
 * The command line: reads the arguments, does what they say, and gives back the exit code. It never throws, and takes
 * nothing from the process but what the host gives it.
 * @param argv the arguments after the program's name
 */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  let exitCode: number = exitCodes.ok.code;
  try {
    const program = createProgram(host, (code) => {
      exitCode = code;
    });
    await program.parseAsync(operationFirst(argv, program), { from: "user" });
    return exitCode;
  } catch (error) {
    const commander = commanderExit(error);
    if (commander !== undefined) return commander;
    reportError(error, host, { debug: argv.includes("--debug") });
    return exitCodeOf(error, host.signal);
  }
}

/** Commander has printed its error, or the help, already. */
function commanderExit(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("exitCode" in error) || error.name !== "CommanderError") return undefined;
  return error.exitCode === 0 ? exitCodes.ok.code : exitCodes.usage.code;
}
