import type { DropRequest } from "../../pipeline/drop/plan-drop.ts";
import { LadingError } from "../../errors/index.ts";
import { checkConsent, refusal, type ConsentOptions } from "../confirm.ts";
import { dropLines } from "../drop-text.ts";
import { formatAmount } from "../format.ts";
import type { Host } from "../host.ts";
import { managedPipeline, type PlaceOptions } from "../managed-pipeline.ts";
import { print } from "../print.ts";
import { styleFor } from "../style.ts";

/** The options of `lading pipeline NAME drop`. */
export interface DropCommandOptions extends PlaceOptions, ConsentOptions {
  readonly dropAll?: boolean;
  readonly statePaths?: readonly string[];
  readonly stateOnly?: boolean;
  readonly schema?: string;
  readonly json?: boolean;
}

/**
 * Drops tables of resources and what they remember, once the plan was shown and somebody said yes.
 * Throws as `managedPipeline` and `pipeline.drop`, and `USAGE` where nothing is named or nobody can be asked.
 */
export async function drop(
  name: string,
  resources: readonly string[],
  options: DropCommandOptions,
  host: Host,
): Promise<number> {
  const { dropAll = false, statePaths = [], stateOnly = false, schema, json = false, dryRun = false } = options;
  if (resources.length + statePaths.length === 0 && !dropAll) {
    throw new LadingError("USAGE", "It is not said what to drop.", {
      hint: "Name resources, or say --state-paths or --drop-all.",
    });
  }
  checkConsent(options, host);
  const { pipeline, options: around, clean } = await managedPipeline(name, options, host);
  const request: DropRequest = {
    resources,
    statePaths,
    all: dropAll,
    onlyState: stateOnly,
    ...(schema === undefined ? {} : { schema }),
  };
  const plan = await pipeline.planDrop(request, around);
  const lines = (stream: Host["stdout"]): readonly string[] =>
    dropLines(plan, name, styleFor(stream, host.env)).map(clean);
  if (dryRun || plan.isEmpty) {
    return print(host, { json, clean, lines: lines(host.stdout), value: { pipeline: name, dropped: false, plan } });
  }
  const refused = await refusal("Drop?", lines(host.stderr), options, host);
  if (refused !== undefined) return refused;
  const { load } = await pipeline.drop(plan, around);
  const dropped = formatAmount(load?.dropped.length ?? 0, "table");
  return print(host, {
    json,
    clean,
    lines: [
      ...(options.yes === true ? lines(host.stdout).slice(1) : []),
      `Dropped ${dropped}, with load ${load?.loadId ?? ""}. The next run reads these resources from their start.`,
    ],
    value: { pipeline: name, dropped: true, plan, ...(load && { load }) },
  });
}
