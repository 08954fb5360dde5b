import { LadingError } from "../../errors/index.ts";
import { inspectPackage } from "../../pipeline/inspect/inspect-package.ts";
import { inspectPipeline, packagePlaces } from "../../pipeline/inspect/inspect-pipeline.ts";
import { didYouMean } from "../../util/suggest.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../format.ts";
import type { Host } from "../host.ts";
import { knownFolder, noSuchPipeline } from "../known-folder.ts";
import { packageLines } from "../package-text.ts";
import { packagesLines } from "../packages-text.ts";
import { styleFor } from "../style.ts";

/** The options of `lading pipeline NAME load-package`. */
export interface LoadPackageOptions {
  /** This package only, with all that is known of it. */
  readonly loadId?: string;
  /** All packages that were loaded. Default: the last five. */
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Of the packages that were loaded so many are shown. */
const newest = 5;

/**
 * Prints what is unfinished and what was loaded, from what is on this machine alone: it takes no lock and writes nothing.
 * Throws `PIPELINE_NOT_FOUND`, `PACKAGE_NOT_FOUND`, `WORKING_FOLDER`.
 */
export async function loadPackage(name: string, options: LoadPackageOptions, host: Host): Promise<number> {
  const { loadId, all = false, json = false } = options;
  const folder = await knownFolder(name, host);
  const now = host.now();
  const view = await inspectPipeline(folder, { now, newest: loadId === undefined ? (all ? Infinity : newest) : 0 });
  if (view === undefined) throw noSuchPipeline(name, folder);
  const style = styleFor(host.stdout, host.env);
  const print = (lines: readonly string[], value: object): number => {
    const text = json ? JSON.stringify(value, undefined, 2) : lines.join("\n");
    host.stdout.write(`${text}\n`);
    return exitCodes.ok.code;
  };
  if (loadId === undefined) {
    const { folder: working, ...rest } = view;
    return print(packagesLines(view, { name, style, now }), { pipeline: name, workingFolder: working, ...rest });
  }

  const places = await packagePlaces(folder);
  const place = places.get(loadId);
  const found = place === undefined ? undefined : await inspectPackage(folder, place, loadId);
  if (found === undefined) {
    const known = [...places.keys()].toReversed();
    throw new LadingError(
      "PACKAGE_NOT_FOUND",
      `The pipeline "${name}" has no package ${loadId} here.${didYouMean(loadId, known)}`,
      { details: { folder, loadId } },
    );
  }
  const isRunning = view.running !== undefined;
  const title = `${style.bold(printable(name))}: package ${found.loadId}, ${found.state === "set-aside" ? "set aside" : found.state}`;
  return print([title, ...packageLines(found, { now, isRunning, whole: true })], {
    pipeline: name,
    workingFolder: folder,
    package: found,
  });
}
