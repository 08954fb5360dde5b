import { dirname } from "node:path";
import { LadingError } from "../errors/index.ts";
import { namesIn } from "../pipeline/inspect/look.ts";
import { workingFolder } from "../pipeline/working-folder.ts";
import { didYouMean } from "../util/suggest.ts";
import type { Host } from "./host.ts";

/** The folder of a pipeline that has run on this machine. Throws `PIPELINE_NOT_FOUND`, with the name that was likely meant. */
export async function knownFolder(name: string, host: Host): Promise<string> {
  const { folder } = workingFolder({ ...host, pipeline: name });
  if ((await namesIn(folder)) !== undefined) return folder;
  throw noSuchPipeline(name, folder, (await namesIn(dirname(folder))) ?? []);
}

/** @param known names of pipelines that there are */
export function noSuchPipeline(name: string, folder: string, known: readonly string[] = []): LadingError {
  return new LadingError("PIPELINE_NOT_FOUND", `No pipeline "${name}" has run here.${didYouMean(name, known)}`, {
    details: { folder },
  });
}
