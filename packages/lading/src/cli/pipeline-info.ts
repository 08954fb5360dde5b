import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LadingError } from "../errors/index.ts";
import type { Manifest } from "../load-package/manifest.ts";
import { hasSeenData, isSystemTable } from "../schema/schema.ts";
import { schemaFromText } from "../schema/wire.ts";
import { stateFromText, stateVersion } from "../state/pipeline-state.ts";

/** A schema as it stood at the newest load that is kept. */
export interface SchemaInfo {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
  /** Tables that have rows, dlt's own not. */
  readonly tables: readonly string[];
}

/** What is known of a pipeline on this machine. */
export interface PipelineInfo {
  readonly name: string;
  readonly workingFolder: string;
  /** Unknown before the first load. */
  readonly destination?: string;
  readonly dataset?: string;
  readonly stateVersion?: number;
  readonly schemas: readonly SchemaInfo[];
  /** The newest load that was committed from here. */
  readonly lastLoad?: { readonly loadId: string; readonly sealedAt: string };
  readonly pending: {
    /** Packages that wait to be loaded, by load id. */
    readonly packages: readonly string[];
    /** When the extraction began that was not finished. */
    readonly draft?: string;
  };
}

interface Package {
  readonly manifest: Manifest;
  readonly schema: string;
  readonly state: string;
}

/**
 * Reads a pipeline's working folder, without a lock: a run may be at work in it, and nothing is changed.
 * @returns `undefined` where there is no such folder
 */
export async function readPipelineInfo(name: string, folder: string): Promise<PipelineInfo | undefined> {
  if ((await list(folder)) === undefined) return undefined;
  const loaded = (await list(join(folder, "loaded"))) ?? [];
  const packages = (await list(join(folder, "packages"))) ?? [];
  const draft = await readJson(join(folder, "draft", "draft.json"));
  const kept = await readPackages(folder, loaded, packages);
  const newest = kept[0];
  const lastLoad = kept.find(({ manifest }) => loaded.includes(manifest.loadId))?.manifest;
  return {
    name,
    workingFolder: folder,
    ...(newest && {
      destination: newest.manifest.destinationType.split(".").at(-1) ?? newest.manifest.destinationType,
      dataset: newest.manifest.dataset,
      stateVersion: stateVersion(stateFromText(newest.state)),
    }),
    schemas: newestSchemas(kept),
    ...(lastLoad && { lastLoad: { loadId: lastLoad.loadId, sealedAt: lastLoad.sealedAt } }),
    pending: { packages, ...(typeof draft?.["createdAt"] === "string" ? { draft: draft["createdAt"] } : {}) },
  };
}

/** All packages whose schema is still there, newest first. A load id is a decimal time, so the order of text is that of time. */
async function readPackages(
  folder: string,
  loaded: readonly string[],
  packages: readonly string[],
): Promise<readonly Package[]> {
  const paths = [...loaded.map((id) => join("loaded", id)), ...packages.map((id) => join("packages", id))];
  const read = await Promise.all(paths.map((path) => readPackage(join(folder, path))));
  return read.filter((each) => each !== undefined).toSorted((a, b) => (a.manifest.loadId < b.manifest.loadId ? 1 : -1));
}

async function readPackage(folder: string): Promise<Package | undefined> {
  const [manifest, schema, state] = await Promise.all(
    ["manifest.json", "schema.json", "state.json"].map((file) => readText(join(folder, file))),
  );
  // A run that ends in this moment moves packages away.
  if (manifest === undefined || schema === undefined || state === undefined) return undefined;
  return { manifest: JSON.parse(manifest) as Manifest, schema, state };
}

function newestSchemas(kept: readonly Package[]): readonly SchemaInfo[] {
  const schemas = new Map<string, SchemaInfo>();
  for (const { schema: text } of kept) {
    const { name, version, versionHash, tables } = schemaFromText(text);
    if (schemas.has(name)) continue;
    const names = [...tables.values()].filter((table) => hasSeenData(table) && !isSystemTable(table.name));
    schemas.set(name, {
      name,
      version: version ?? 1,
      hash: versionHash ?? "",
      tables: names.map((table) => table.name).toSorted(),
    });
  }
  return [...schemas.values()];
}

async function list(folder: string): Promise<readonly string[] | undefined> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    return absent(folder, error);
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    return absent(path, error);
  }
}

async function readJson(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await readText(path);
  return text === undefined ? undefined : (JSON.parse(text) as Readonly<Record<string, unknown>>);
}

function absent(path: string, cause: unknown): undefined {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  throw new LadingError("WORKING_FOLDER", `${path} cannot be read (${code}).`, { cause });
}
