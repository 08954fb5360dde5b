import { LadingError } from "../../errors/index.ts";
import { workingFolder } from "../../pipeline/working-folder.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatAmount, formatTable, printable } from "../format.ts";
import type { Host } from "../host.ts";
import { type PipelineInfo, readPipelineInfo } from "../pipeline-info.ts";
import { type Style, styleFor } from "../style.ts";

/** Prints what is known of a pipeline on this machine, without asking its destination. */
export async function pipelineInfo(
  name: string,
  { json = false }: { readonly json?: boolean },
  host: Host,
): Promise<number> {
  const { folder } = workingFolder({ ...host, pipeline: name });
  const info = await readPipelineInfo(name, folder, host.now());
  if (info === undefined) {
    throw new LadingError("PIPELINE_NOT_FOUND", `No pipeline "${name}" has run here.`, { details: { folder } });
  }
  const lines = json ? [JSON.stringify(info, undefined, 2)] : infoLines(info, styleFor(host.stdout, host.env));
  host.stdout.write(`${lines.join("\n")}\n`);
  return exitCodes.ok.code;
}

/** What is known of a pipeline, as lines. Pure. */
function infoLines(info: PipelineInfo, style: Style): readonly string[] {
  const { destination, dataset, lastLoad, schemas } = info;
  const facts = [
    ["destination", destination ?? "unknown before the first load"],
    ["dataset", dataset ?? "unknown before the first load"],
    ["working folder", info.workingFolder],
    ["state version", String(info.stateVersion ?? "none")],
    ["last load", lastLoad === undefined ? "none" : `${lastLoad.loadId} (${lastLoad.sealedAt})`],
    ["pending", pending(info)],
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
