import type { Config } from "../config/config.ts";
import { createConfig } from "../config/create-config.ts";
import { loadProviders } from "../config/load-providers.ts";
import type { Vault } from "../config/vault.ts";
import { mask } from "../config/mask.ts";
import { LadingError } from "../errors/index.ts";
import type { RunEvent } from "../pipeline/events.ts";
import type { RunResult } from "../pipeline/result.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { printable } from "./format.ts";
import type { Host } from "./host.ts";
import { liveProgress } from "./live-progress.ts";
import { plainProgress } from "./plain-progress.ts";
import { reportError } from "./report-error.ts";
import { emptyView, viewAfter } from "./run-view.ts";
import { standing } from "./standing.ts";
import { styleFor } from "./style.ts";

/** What is run: a pipeline, as far as the command line needs one. */
export interface Runnable {
  readonly name: string;
  readonly vaults?: readonly Vault[];
  run(options: {
    readonly signal: AbortSignal;
    readonly onEvent: (event: RunEvent) => void;
    readonly config: Config;
    readonly profile?: string;
    readonly fresh?: boolean;
    readonly resources?: readonly string[];
  }): Promise<RunResult>;
}

/** How a run is to be done and shown. */
export interface ExecuteOptions {
  readonly resources?: readonly string[];
  readonly fresh?: boolean;
  /** Events as JSON lines on stdout, and no summary. */
  readonly json?: boolean;
  /** Nothing but errors. */
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** What shows a run while it goes on. */
interface Talk {
  readonly on: (event: RunEvent) => void;
  readonly note: (line: string) => void;
  readonly close: () => void;
}

/** Runs a pipeline, shows how far it is, and gives back the exit code. It does not throw where the run fails. */
export async function execute(pipeline: Runnable, options: ExecuteOptions, host: Host): Promise<number> {
  const { signal } = host;
  const config = createConfig({
    providers: await loadProviders({ ...host, vaults: pipeline.vaults ?? [], pipelineName: pipeline.name }),
    pipelineName: pipeline.name,
  });
  const clean = (text: string): string => mask(text, config.secrets);
  host.secrets?.add(config.secrets);
  const talk = createTalk(options, host, clean);
  let view = emptyView;
  const onEvent = (event: RunEvent): void => {
    view = viewAfter(view, event);
    talk.on(event);
    if (options.json) host.stdout.write(`${clean(JSON.stringify(event))}\n`);
  };
  const onStop = (): void => talk.note("Stopping at the next checkpoint. Once more stops at once.");
  signal.addEventListener("abort", onStop, { once: true });

  try {
    const { fresh, resources } = options;
    const result = await pipeline.run({
      signal,
      onEvent,
      config,
      ...(host.profile === undefined ? {} : { profile: host.profile }),
      ...(fresh === undefined ? {} : { fresh }),
      ...(resources === undefined ? {} : { resources }),
    });
    talk.close();
    if (!options.json && !options.quiet) host.stdout.write(`${clean(printable(clean(String(result))))}\n`);
    return exitCodes.ok.code;
  } catch (error) {
    if (options.json && !view.ended) onEvent(failure(error, host.now()));
    talk.close();
    reportError(error, host, { mask: clean, debug: options.debug ?? false, standing: standing(view) });
    return exitCodeOf(error, signal);
  } finally {
    signal.removeEventListener("abort", onStop);
  }
}

function createTalk(options: ExecuteOptions, host: Host, clean: (text: string) => string): Talk {
  const { stderr, env } = host;
  const note = (line: string): void => void stderr.write(`${clean(printable(clean(line)))}\n`);
  const nothing = (): void => undefined;
  if (options.quiet) return { on: nothing, note: nothing, close: nothing };
  // Events on the same terminal would tear the view.
  const live = stderr.isTTY === true && !env["CI"] && env["TERM"] !== "dumb" && !(options.json && host.stdout.isTTY);
  return live ? liveProgress(host, styleFor(stderr, env), clean) : { on: plainProgress(note), note, close: nothing };
}

/** For an error that came before the run could say so itself: a reader of the events must see an end. */
function failure(error: unknown, at: number): RunEvent {
  const known = LadingError.is(error);
  return {
    type: "run-failed",
    at,
    milliseconds: 0,
    code: known ? error.code : "UNKNOWN",
    message: error instanceof Error ? error.message : String(error),
    ...(known ? { hint: error.hint } : {}),
  };
}
