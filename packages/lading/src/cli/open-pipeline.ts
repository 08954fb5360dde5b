import { extname } from "node:path";
import { LadingError } from "../errors/index.ts";
import { orAborted } from "../util/abort.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import { createPipeline, createRestSource } from "./core.ts";
import { checkDocument } from "./document.ts";
import type { Runnable } from "./execute.ts";
import type { Host } from "./host.ts";
import { importModule } from "./import-module.ts";
import { inputFile } from "./input-file.ts";
import type { ManagedPipeline } from "./managed-pipeline.ts";
import { readDocument } from "./read-document.ts";

/** What {@link openPipeline} needs. */
export interface OpenPipelineOptions {
  /** The module or document, from the host's folder. */
  readonly file: string;
  readonly host: Host;
  /** Which pipeline, where there are several. */
  readonly wanted?: string;
}

/** The pipeline in a file: what a module exports, or what a document describes. */
export async function openPipeline({ file, host, wanted }: OpenPipelineOptions): Promise<Runnable & ManagedPipeline> {
  const path = await inputFile(file, host.cwd);
  const kind = extname(path).toLowerCase();
  if (/^\.[cm]?[jt]s$/.test(kind)) {
    // A module may wait for whatever it likes while it is imported; nothing of ours has begun then.
    const exports = await orAborted(importModule(path), host.signal);
    const { isPipeline } = await import("../pipeline/index.ts");
    return choosePipeline({ exports, isPipeline, file, ...(wanted === undefined ? {} : { wanted }) });
  }
  if (![".json", ".yaml", ".yml"].includes(kind)) {
    throw new LadingError("USAGE", `${file} is neither a module nor a document.`, {
      hint: "Modules end in .ts, .mts, .js, .mjs or .cjs; documents in .yaml, .yml or .json. Data files are for `lading load`.",
    });
  }
  const { source, ...parts } = checkDocument(await readDocument(path, file), file);
  if (wanted !== undefined && wanted !== parts.name) {
    throw new LadingError("NO_PIPELINE", `${file} is the pipeline "${parts.name}", not "${wanted}".`);
  }
  return createPipeline({ ...parts, source: await createRestSource(source) }, host);
}
