import { formatAmount, formatTable, printable } from "../format.ts";
import { formatTime } from "../format-time.ts";
import type { Host } from "../host.ts";
import { knownFolder, noSuchPipeline } from "../known-folder.ts";
import { type PipelineInfo, readPipelineInfo } from "../pipeline-info.ts";
import { print } from "../print.ts";
import { type Style, styleFor } from "../style.ts";

/** Prints what is known of a pipeline on this machine, without asking its destination. */
export async function pipelineInfo(
  name: string,
  { json = false }: { readonly json?: boolean },
  host: Host,
): Promise<number> {
  const folder = await knownFolder(name, host);
  const info = await readPipelineInfo(name, folder, host.now());
  if (info === undefined) throw noSuchPipeline(name, folder);
  return print(host, { json, value: info, lines: infoLines(info, host.now(), styleFor(host.stdout, host.env)) });
}

/** What is known of a pipeline, as lines. Pure. */
function infoLines(info: PipelineInfo, now: number, style: Style): readonly string[] {
  const { destination, dataset, lastLoad, lastRun, schemas } = info;
  const facts = [
    ["destination", destination ?? "unknown before the first load"],
    ["dataset", dataset ?? "unknown before the first load"],
    ["working folder", info.workingFolder],
    ["state version", String(info.stateVersion ?? "none")],
    ["last load", lastLoad === undefined ? "none" : `${lastLoad.loadId} (${lastLoad.sealedAt})`],
    ["pending", pending(info)],
    ...(lastRun === undefined
      ? []
      : [
          [
            "last run",
            `${lastRun.outcome === "done" ? "done" : `failed with ${lastRun.code ?? "UNKNOWN"}`}, ${formatTime(lastRun.finishedAt, { now })} (\`trace\` shows more)`,
          ],
        ]),
  ];
  return [
    style.bold(printable(info.name)),
    ...formatTable(facts.map(([key = "", value = ""]) => [`  ${key}`, printable(value)])),
    ...schemas.flatMap(({ name, version, hash, tables }) => [
      "",
      `${style.bold(printable(name))}: schema version ${version}, ${hash}, ${formatAmount(tables.length, "table")}`,
      ...tables.map((table) => `  ${printable(table)}`),
    ]),
  ];
}

function pending({ pending: { packages, draft } }: PipelineInfo): string {
  const work = [
    ...packages.map((loadId) => `package ${loadId} waits to be loaded`),
    ...(draft === undefined ? [] : [`an extraction that began at ${draft} is not finished`]),
  ];
  return work.length === 0 ? "nothing" : `${work.join("; ")}. The next run finishes it (\`load-package\` shows more).`;
}
