import { join } from "node:path";
import { mask } from "../config/mask.ts";
import { LadingError } from "../errors/index.ts";
import { textOf } from "./inspect/look.ts";
import type { Job } from "./job.ts";
import type { RunTrace, TraceError } from "./run-trace.ts";

const fileName = "last-run.json";

/** The trace of the last run of a pipeline; `undefined` where there is none, or none that can be read. */
export async function readLastRun(folder: string): Promise<RunTrace | undefined> {
  const text = await textOf(join(folder, fileName));
  if (text === undefined) return undefined;
  try {
    const trace = JSON.parse(text) as RunTrace;
    return trace.format === 1 ? trace : undefined;
  } catch {
    // Cut off with the machine's power: it is of no use but to look at.
    return undefined;
  }
}

/** Puts a trace in the place of the one before; what it says of secrets is their names. */
export async function keepLastRun({ disk, folder, config }: Job, trace: RunTrace): Promise<void> {
  const clean = (_key: string, value: unknown): unknown =>
    typeof value === "string" ? mask(value, config.secrets) : value;
  await disk.putFile(join(folder, fileName), `${JSON.stringify(trace, clean, 2)}\n`);
}

/** An error as a trace keeps it. */
export function traceError(error: unknown): TraceError {
  const causes: string[] = [];
  let cause = error instanceof Error ? error.cause : undefined;
  for (; cause !== undefined && causes.length < 10; cause = cause instanceof Error ? cause.cause : undefined) {
    causes.push(messageOf(cause));
  }
  const { stack } = error instanceof Error ? error : {};
  return {
    code: LadingError.is(error) ? error.code : "UNKNOWN",
    message: messageOf(error),
    ...(LadingError.is(error) ? { hint: error.hint } : {}),
    ...(stack === undefined ? {} : { stack }),
    causes,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
