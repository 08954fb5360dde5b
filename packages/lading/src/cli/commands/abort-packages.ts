import type { AbortPlan } from "../../pipeline/abort-packages.ts";
import { abortIn } from "../../pipeline/abort-pipeline.ts";
import { checkConsent, refusal, type ConsentOptions } from "../confirm.ts";
import { formatAmount, formatBytes, formatTable, printable } from "../format.ts";
import { formatTime } from "../format-time.ts";
import type { Host } from "../host.ts";
import { knownFolder } from "../known-folder.ts";
import { print } from "../print.ts";
import { type Style, styleFor } from "../style.ts";

/** The options of `lading pipeline NAME abort-packages`. */
export interface AbortPackagesOptions extends ConsentOptions {
  /** This package and those that are newer. Default: all that wait. */
  readonly loadId?: string;
  readonly json?: boolean;
}

/**
 * Gives up packages that wait, once they were shown and somebody said yes. Nothing is asked of the destination.
 * Throws `PIPELINE_NOT_FOUND`, `PACKAGE_NOT_FOUND`, `PIPELINE_LOCKED`, and `USAGE` where nobody can be asked.
 */
export async function abortPackages(
  name: string,
  { loadId, json = false, ...consent }: AbortPackagesOptions,
  host: Host,
): Promise<number> {
  checkConsent(consent, host);
  const folder = await knownFolder(name, host);
  const place = { name, folder };
  const plan = await abortIn(place, { dryRun: true, ...(loadId === undefined ? {} : { loadId }) });
  const value = { pipeline: name, workingFolder: folder };
  if (plan === undefined) {
    const lines = [`${printable(name)}: no package waits. There is nothing to give up.`];
    return print(host, { json, lines, value: { ...value, aborted: false } });
  }
  const lines = (stream: Host["stdout"], done: boolean, shown = plan): readonly string[] =>
    planLines(shown, { name, done, now: host.now(), style: styleFor(stream, host.env) });
  if (consent.dryRun === true) {
    return print(host, { json, lines: lines(host.stdout, false), value: { ...value, aborted: false, plan } });
  }
  const refused = await refusal("Give up?", lines(host.stderr, false), consent, host);
  if (refused !== undefined) return refused;
  // What was shown, and what has come to wait behind it since: it goes on from that.
  const given = await abortIn(place, { loadId: plan.packages[0]!.loadId });
  return print(host, {
    json,
    lines: lines(host.stdout, true, given),
    value: { ...value, aborted: true, plan: given },
  });
}

interface Around {
  readonly name: string;
  readonly done: boolean;
  readonly now: number;
  readonly style: Style;
}

function planLines(
  { packages, kept, dropsDraft, goesOnFrom }: AbortPlan,
  { name, done, now, style }: Around,
): readonly string[] {
  const count = formatAmount(packages.length, "package");
  return [
    `${style.bold(printable(name))}: ${count} ${done ? (packages.length === 1 ? "was" : "were") : "would be"} given up.`,
    ...packages.flatMap((one) => [
      "",
      `${style.bold(`Package ${one.loadId}`)}, sealed ${formatTime(new Date(Number(one.loadId) * 1000).toISOString(), { now })}`,
      ...(one.damage === undefined ? [] : [`  damaged: ${printable(one.damage)}`]),
      ...(one.failure === undefined
        ? []
        : [
            `  failed ${formatAmount(one.failure.attempts, "time")}, the last with ${printable(`${one.failure.code}: ${one.failure.message}`)}`,
          ]),
      ...formatTable(
        one.tables.map(({ name: table, rows, bytes }) => [
          `  ${printable(table)}`,
          formatAmount(rows, "row"),
          formatBytes(bytes),
        ]),
        "lr",
      ),
      `  ${done ? "is" : "would be"} in ${printable(one.setAside)}`,
    ]),
    "",
    ...(kept.length === 0 ? [] : [`Older ones go on waiting: ${kept.join(", ")}.`]),
    ...(dropsDraft ? ["The draft goes on from one of them, and is dropped with it."] : []),
    `Nothing is deleted. The next run goes on from ${goesOnFrom === undefined ? "what the destination has" : `package ${goesOnFrom}`}, and reads these rows again.`,
  ];
}
