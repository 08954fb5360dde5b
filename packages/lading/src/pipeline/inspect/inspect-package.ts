import { join } from "node:path";
import { LadingError } from "../../errors/index.ts";
import type { Manifest } from "../../load-package/manifest.ts";
import { failureFile, failureFromText, type PackageFailure } from "../../load-package/package-failure.ts";
import { reasonFile, type SetAsideReason } from "../../load-package/set-aside-reason.ts";
import { traceFile, type LoadTrace } from "../../load-package/trace.ts";
import { hasSeenData, isSystemTable } from "../../schema/schema.ts";
import { schemaFromText } from "../../schema/wire.ts";
import { stateFromText, stateVersion } from "../../state/pipeline-state.ts";
import { bytesIn, lengthOf, namesIn, textOf } from "./look.ts";
import { tableSizes, type TableSize } from "./table-sizes.ts";

/** The folders of packages in the folder of a pipeline. */
export type PackagePlace = "packages" | "set-aside" | "loaded";

/** A load package on this machine. What cannot be read of it is not there, and `damage` says why. */
export interface PackageView {
  readonly loadId: string;
  /** `committed`: it is in the destination, and the process ended before it could tidy up. */
  readonly state: "pending" | "committed" | "loaded" | "set-aside";
  readonly folder: string;
  /** Bytes in all its files. */
  readonly diskBytes: number;
  /** What is wrong with it. */
  readonly damage: readonly string[];
  /** ISO 8601, UTC. */
  readonly sealedAt?: string;
  /** dlt's name of its kind, such as `duckdb`. */
  readonly destination?: string;
  readonly dataset?: string;
  /** As it is with this load; `tables` are those that have rows, dlt's own not. */
  readonly schema?: {
    readonly name: string;
    readonly version: number;
    readonly hash: string;
    readonly tables: readonly string[];
  };
  readonly stateVersion?: number;
  /** Whether the pipeline's state has changed and is loaded too. */
  readonly writesState?: boolean;
  /** What it brings, in the order in which the tables came. */
  readonly tables: readonly TableSize[];
  /** Tables that are replaced though no row came for them. */
  readonly emptied: readonly string[];
  /** What was read, by resource. */
  readonly resources: Manifest["resources"];
  /** What the load did, once it is committed. */
  readonly load?: Omit<LoadTrace, "format">;
  /** Why it was set aside. */
  readonly reason?: SetAsideReason;
  /** Why it could not be loaded so far. */
  readonly failure?: PackageFailure;
}

/**
 * Reads a package, and changes nothing.
 * @param folder of the pipeline
 * @returns `undefined` where it is not there any more: a run may be moving it
 */
export async function inspectPackage(
  folder: string,
  place: PackagePlace,
  loadId: string,
): Promise<PackageView | undefined> {
  const own = join(folder, place, loadId);
  const damage: string[] = [];
  const read = async <T>(file: string, parse: (text: string) => T, optional = false): Promise<T | undefined> => {
    try {
      const text = await textOf(join(own, file));
      if (text !== undefined) return parse(text);
      if (!optional) damage.push(`${file} is missing`);
    } catch (error) {
      damage.push(LadingError.is(error, "WORKING_FOLDER") ? error.message : `${file} cannot be read`);
    }
    return undefined;
  };

  const attempt = async <T>(action: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      if (!LadingError.is(error, "WORKING_FOLDER")) throw error;
      damage.push(error.message);
      return otherwise;
    }
  };

  const said = await read("manifest.json", (text) => ofManifest(text, loadId));
  const schema = await read("schema.json", ofSchema);
  const version = await read("state.json", (text) => stateVersion(stateFromText(text)));
  const load = await read(traceFile, ofTrace, true);
  const reason = await read(reasonFile, ofReason, true);
  const failure = await read(failureFile, failureFromText, true);
  const diskBytes = await attempt(() => bytesIn(own), 0);
  const state = stateOf(place, load !== undefined);
  if (state === "pending" || state === "set-aside") {
    damage.push(...(await attempt(() => damagedParts(own, said?.parts ?? []), [])));
  }
  // Looked at last: what moved away in between is not damaged.
  if ((await attempt(() => namesIn(own), [])) === undefined) return undefined;
  const { parts: _parts, ...shown } = said ?? nothing;
  return {
    loadId,
    state,
    folder: own,
    diskBytes,
    damage,
    ...shown,
    ...(schema && { schema }),
    ...(version === undefined ? {} : { stateVersion: version }),
    ...(load && { load }),
    ...(reason && { reason }),
    ...(failure && { failure }),
  };
}

const nothing = { parts: [], tables: [], emptied: [], resources: {} } as const;

function stateOf(place: PackagePlace, isCommitted: boolean): PackageView["state"] {
  if (place !== "packages") return place;
  return isCommitted ? "committed" : "pending";
}

type Said = Pick<
  PackageView,
  "sealedAt" | "destination" | "dataset" | "writesState" | "tables" | "emptied" | "resources"
> & { readonly parts: Manifest["parts"] };

function ofManifest(text: string, loadId: string): Said {
  const manifest = JSON.parse(text) as Manifest;
  const { sealedAt, destinationType, dataset, writesState, parts, emptied, resources } = manifest;
  if (manifest.loadId !== loadId) throw new TypeError("the manifest of another package");
  return {
    sealedAt,
    destination: destinationType.split(".").at(-1) ?? destinationType,
    dataset,
    writesState,
    tables: tableSizes(parts),
    emptied: [...emptied],
    resources: { ...resources },
    parts,
  };
}

function ofSchema(text: string): NonNullable<PackageView["schema"]> {
  const { name, version, versionHash, tables } = schemaFromText(text);
  const names = [...tables.values()].filter((table) => hasSeenData(table) && !isSystemTable(table.name));
  return {
    name,
    version: version ?? 1,
    hash: versionHash ?? "",
    tables: names.map((table) => table.name).toSorted(),
  };
}

function ofTrace(text: string): Omit<LoadTrace, "format"> {
  const { committedAt, milliseconds, location, tables, changes, warnings } = JSON.parse(text) as LoadTrace;
  return { committedAt, milliseconds, location, tables: { ...tables }, changes: [...changes], warnings: [...warnings] };
}

function ofReason(text: string): SetAsideReason {
  const { code, message } = JSON.parse(text) as SetAsideReason;
  return { code, message };
}

async function damagedParts(folder: string, parts: Manifest["parts"]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { path, bytes } of parts) {
    const length = await lengthOf(join(folder, path));
    if (length === undefined) found.push(`${path} is missing`);
    else if (length < bytes) found.push(`${path} has ${length} bytes instead of ${bytes}`);
  }
  return found;
}
