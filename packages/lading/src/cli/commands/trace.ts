import { readLastRun } from "../../pipeline/last-run.ts";
import { currentHolder } from "../../pipeline/lock.ts";
import { formatTime } from "../format-time.ts";
import { printable } from "../format.ts";
import type { Host } from "../host.ts";
import { knownFolder } from "../known-folder.ts";
import { print } from "../print.ts";
import { styleFor } from "../style.ts";
import { traceLines } from "../trace-text.ts";

/** The options of `lading pipeline NAME trace`. */
export interface TraceOptions {
  readonly json?: boolean;
  /** With the stack of the error. */
  readonly debug?: boolean;
}

/**
 * Prints what the last run on this machine did, from what it has noted: it takes no lock and writes nothing.
 * Throws `PIPELINE_NOT_FOUND`, `WORKING_FOLDER`.
 */
export async function trace(name: string, { json = false, debug = false }: TraceOptions, host: Host): Promise<number> {
  const folder = await knownFolder(name, host);
  const now = host.now();
  const running = await currentHolder(folder, now);
  const last = await readLastRun(folder);
  const style = styleFor(host.stdout, host.env);
  const lines = [
    ...(running === undefined
      ? []
      : [
          `A run is at work: process ${running.pid} on ${printable(running.host)}, since ${formatTime(running.since, { now })}. What follows is of the one before.`,
        ]),
    ...(last === undefined
      ? [`${style.bold(printable(name))}: no run has noted what it did (or \`enable_runtime_trace\` is off).`]
      : traceLines(last, { now, style, debug })),
  ];
  const value = {
    pipeline: name,
    workingFolder: folder,
    ...(running && { running: { pid: running.pid, host: running.host, since: running.since } }),
    ...(last && { trace: last }),
  };
  return print(host, { json, value, lines });
}
