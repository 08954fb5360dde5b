import { type ErrorCode, LadingError } from "../errors/index.ts";
import { stopSignal } from "./stop-signal.ts";

/** What the exit code of `lading` means. A shell, cron or CI can rely on it. */
export const exitCodes = {
  ok: { code: 0, meaning: "loaded, or there was nothing new" },
  failed: { code: 1, meaning: "failed; something must be changed first" },
  usage: { code: 2, meaning: "wrong use: a bad argument, an unknown file, an invalid document" },
  transient: { code: 3, meaning: "failed; the same may work later (server down, database locked)" },
  locked: { code: 4, meaning: "another run holds the pipeline" },
  interrupted: { code: 130, meaning: "stopped by Ctrl-C (SIGINT)" },
  terminated: { code: 143, meaning: "stopped by SIGTERM" },
} as const satisfies Record<string, { readonly code: number; readonly meaning: string }>;

const wrongUse: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "USAGE",
  "INVALID_ARGUMENT",
  "FILE_NOT_FOUND",
  "DOCUMENT_INVALID",
  "REST_CONFIG_INVALID",
  "NO_PIPELINE",
  "PIPELINE_NOT_FOUND",
  "PACKAGE_NOT_FOUND",
  "CONNECTORS_MISSING",
]);

/** The exit code for an error; a signal that came before it decides. */
export function exitCodeOf(error: unknown, signal: AbortSignal): number {
  const stopped = stopSignal(signal);
  if (stopped === "SIGINT") return exitCodes.interrupted.code;
  if (stopped === "SIGTERM") return exitCodes.terminated.code;
  if (!LadingError.is(error)) return exitCodes.failed.code;
  if (wrongUse.has(error.code)) return exitCodes.usage.code;
  if (error.code === "PIPELINE_LOCKED") return exitCodes.locked.code;
  return isTransient(error) ? exitCodes.transient.code : exitCodes.failed.code;
}

/** Whether the same may work later: the error says so, or, where a resource failed, what made it fail. */
function isTransient(error: LadingError): boolean {
  if (error.transient) return true;
  return error.code === "RESOURCE_FAILED" && LadingError.is(error.cause) && isTransient(error.cause);
}

/** The table for `--help`. */
export function exitCodeHelp(): string {
  const lines = Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padEnd(5)}${meaning}`);
  return ["Exit codes:", ...lines].join("\n");
}
