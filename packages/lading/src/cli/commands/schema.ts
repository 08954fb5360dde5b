import { join } from "node:path";
import { LadingError } from "../../errors/index.ts";
import { compareLoadIds } from "../../load-package/load-ids.ts";
import { inspectPipeline } from "../../pipeline/inspect/inspect-pipeline.ts";
import { textOf } from "../../pipeline/inspect/look.ts";
import { schemaToYaml } from "../../schema/schema-file.ts";
import { schemaFromText } from "../../schema/wire.ts";
import { didYouMean } from "../../util/suggest.ts";
import type { Host } from "../host.ts";
import { knownFolder } from "../known-folder.ts";
import { managedPipeline, type PlaceOptions } from "../managed-pipeline.ts";
import { print } from "../print.ts";
import { schemaMermaid } from "../schema-mermaid.ts";
import { schemaLines } from "../schema-text.ts";
import { styleFor } from "../style.ts";

/** The ways in which a schema is printed. */
export const schemaFormats = ["text", "json", "yaml", "mermaid"] as const;

/** The options of `lading pipeline NAME schema`. */
export interface SchemaCommandOptions extends PlaceOptions {
  /** Default: `text`. `json` is the schema as it is stored, `yaml` the file that a pipeline exports. */
  readonly format?: (typeof schemaFormats)[number];
  /** This schema only. */
  readonly schema?: string;
  /** Asks the destination. Default: what was loaded from here; where it is said where the data is, the destination. */
  readonly fromDestination?: boolean;
  readonly json?: boolean;
}

/** A schema, and where it was found. */
interface Found {
  readonly name: string;
  /** In its stored form. */
  readonly text: string;
  readonly from: string;
  readonly loadId?: string;
}

/**
 * Prints the schemas of a pipeline: as of the newest package that is kept here, or from the destination.
 * Throws `PIPELINE_NOT_FOUND`, `USAGE`, and as `managedPipeline`.
 */
export async function schema(name: string, options: SchemaCommandOptions, host: Host): Promise<number> {
  const { format = "text", schema: wanted, json = false, fromDestination = false } = options;
  const { file, destination, database, dataset } = options;
  const isRemote = fromDestination || [file, destination, database, dataset].some((one) => one !== undefined);
  const found = isRemote ? await fromPlace(name, options, host) : await fromFolder(name, host);
  const chosen = choose(name, found, wanted);
  if (json) {
    const schemas = chosen.map(({ text, ...one }) => ({ ...one, schema: JSON.parse(text) as unknown }));
    return print(host, { json, lines: [], value: { pipeline: name, schemas } });
  }
  if (format === "text") {
    const style = styleFor(host.stdout, host.env);
    const blocks = chosen.map((one) => schemaLines(schemaFromText(one.text), one.from, style).join("\n"));
    return print(host, {
      json,
      lines: blocks.flatMap((block, index) => (index === 0 ? [block] : ["", block])),
      value: {},
    });
  }
  const [only] = chosen;
  if (only === undefined || chosen.length > 1) {
    throw new LadingError("USAGE", `The pipeline "${name}" has several schemas, and ${format} is for one.`, {
      hint: `Say which: ${chosen.map((one) => `--schema ${one.name}`).join(", or ")}.`,
    });
  }
  const read = schemaFromText(only.text);
  const text =
    format === "yaml"
      ? (await schemaToYaml(read)).trimEnd()
      : format === "mermaid"
        ? schemaMermaid(read)
        : JSON.stringify(JSON.parse(only.text), undefined, 2);
  return print(host, { json, lines: [text], value: {} });
}

async function fromPlace(name: string, place: PlaceOptions, host: Host): Promise<readonly Found[]> {
  const { pipeline, options } = await managedPipeline(name, place, host);
  const { schemas, destination, location, dataset } = await pipeline.sync(options);
  return schemas.map((one) => ({
    name: one.name,
    text: one.text,
    from: `as stored in ${destination} (${location}), dataset ${dataset}`,
  }));
}

/** The newest of each schema among the packages that are kept. */
async function fromFolder(name: string, host: Host): Promise<readonly Found[]> {
  const folder = await knownFolder(name, host);
  const view = await inspectPipeline(folder, { now: host.now() });
  const packages = [...(view?.loaded ?? []), ...(view?.pending ?? [])];
  const found = new Map<string, Found>();
  for (const one of packages.toSorted((a, b) => compareLoadIds(b.loadId, a.loadId))) {
    const own = one.schema?.name;
    if (own === undefined || found.has(own)) continue;
    // A run may have loaded it meanwhile.
    const text =
      (await textOf(join(one.folder, "schema.json"))) ??
      (await textOf(join(folder, "loaded", one.loadId, "schema.json")));
    if (text === undefined) continue;
    const from = one.state === "pending" ? "which is not loaded yet" : "as it was loaded";
    found.set(own, { name: own, text, from: `of package ${one.loadId}, ${from}`, loadId: one.loadId });
  }
  return [...found.values()];
}

function choose(pipeline: string, found: readonly Found[], wanted: string | undefined): readonly Found[] {
  const names = found.map(({ name }) => name);
  if (found.length === 0) {
    throw new LadingError("PIPELINE_NOT_FOUND", `No schema of the pipeline "${pipeline}" was found.`, {
      hint: "Nothing of it was loaded from here: --from-destination asks where it loads to.",
    });
  }
  if (wanted === undefined) return found;
  const chosen = found.filter(({ name }) => name === wanted);
  if (chosen.length > 0) return chosen;
  throw new LadingError("USAGE", `The pipeline "${pipeline}" has no schema "${wanted}".${didYouMean(wanted, names)}`, {
    hint: `It has: ${names.join(", ")}.`,
  });
}
