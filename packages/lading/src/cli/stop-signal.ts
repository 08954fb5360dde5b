import { LadingError } from "../errors/index.ts";

/** The signals that end a run cleanly. */
export type StopSignal = "SIGINT" | "SIGTERM";

/** The reason with which {@link Host.signal} is aborted. */
export function stopReason(name: StopSignal): LadingError {
  const what = name === "SIGINT" ? "Stopped by Ctrl-C (SIGINT)." : "Stopped by SIGTERM.";
  return new LadingError("ABORTED", what, { details: { signal: name } });
}

/** The signal that aborted it, or `undefined`. */
export function stopSignal(signal: AbortSignal): StopSignal | undefined {
  const reason: unknown = signal.reason;
  if (!LadingError.is(reason, "ABORTED")) return undefined;
  const name = reason.details["signal"];
  return name === "SIGINT" || name === "SIGTERM" ? name : undefined;
}
