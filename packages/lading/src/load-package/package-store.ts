import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { LadingError } from "../errors/index.ts";
import type { Disk } from "./disk.ts";
import { parseHeader, type DraftHeader } from "./draft-header.ts";
import { DraftPackage } from "./draft-package.ts";
import type { JournalState } from "./journal.ts";
import { compareLoadIds, isLoadId, latestLoadId } from "./load-ids.ts";
import type { Manifest } from "./manifest.ts";
import { failureFile } from "./package-failure.ts";
import { traceFile, type LoadTrace } from "./trace.ts";

/** A package that needs no source any more: it is loaded, if need be again and again, until it is committed. */
export interface SealedPackage {
  readonly folder: string;
  readonly manifest: Manifest;
  /** The schema in stored form. */
  readonly schema: string;
  /** The state as text. */
  readonly state: string;
  /** The schema that the state's row belongs to, in stored form, where that is another one (`manifest.stateLoad`). */
  readonly stateSchema?: string;
  /** The file of the schema for a person to edit, to be written where none is yet. */
  readonly importFile?: string;
}

/** A package that waits to be loaded, by its folder. */
export interface WaitingPackage {
  readonly loadId: string;
  readonly folder: string;
  /** Throws `PACKAGE_CORRUPT`. */
  read(): Promise<SealedPackage>;
}

/**
 * The load packages of a pipeline on this machine:
 *
 * ```
 * draft/            what is being extracted, with its journal
 * packages/<id>/    sealed, waiting to be loaded or being loaded
 * loaded/<id>/      what is kept of packages that were committed: manifest, schema, state, journal, trace
 * ```
 */
export interface PackageStore {
  /** Begins a draft; one that is there is dropped. */
  begin(header: DraftHeader): Promise<DraftPackage>;
  /** The draft that an earlier run left. */
  openDraft(): Promise<{ readonly draft: DraftPackage; readonly journal: JournalState } | undefined>;
  /** What the draft that is here was begun with, without opening it. Throws `PACKAGE_CORRUPT`. */
  draftHeader(): Promise<DraftHeader | undefined>;
  dropDraft(): Promise<void>;
  /** Turns the draft into a promise, by one rename. The draft is closed already. */
  seal(draft: DraftPackage, content: Omit<SealedPackage, "folder">): Promise<SealedPackage>;
  /** Packages that wait to be loaded, oldest first. */
  pending(): Promise<WaitingPackage[]>;
  /**
   * Makes sure that the row files are as they were sealed: what a run that was thought dead put at the end of one is cut
   * away. Throws `PACKAGE_CORRUPT` where something is missing.
   */
  check(sealed: SealedPackage): Promise<void>;
  /** The newest load id of the packages that are here, loaded or not. */
  newest(): Promise<string | undefined>;
  /**
   * Removes the rows of a committed package, and all but the newest `keep` of what is kept. Nothing is removed that has
   * not the name of a load.
   * @param trace what the load did; `undefined` where it was committed by an earlier run
   */
  finish(loadId: string, keep: number, trace: LoadTrace | undefined): Promise<void>;
}

const stateSchemaFile = "state-schema.json";
const importFileName = "import.schema.yaml";

/** @param partBytes of the row files of drafts, see {@link DraftOptions} */
export function openPackageStore(folder: string, disk: Disk, partBytes?: number): PackageStore {
  const draftFolder = join(folder, "draft");
  const packages = join(folder, "packages");
  const loaded = join(folder, "loaded");

  async function read(loadId: string): Promise<SealedPackage> {
    const own = join(packages, loadId);
    const [manifest, schema, state] = await Promise.all(
      ["manifest.json", "schema.json", "state.json"].map((name) => disk.readText(join(own, name))),
    );
    if (manifest === undefined || schema === undefined || state === undefined) throw corrupt(own, "it is not complete");
    const parsed = parseManifest(manifest, own);
    const importFile = await disk.readText(join(own, importFileName));
    const common = { folder: own, manifest: parsed, schema, state, ...(importFile !== undefined && { importFile }) };
    if (parsed.stateLoad === undefined) return common;
    const stateSchema = await disk.readText(join(own, stateSchemaFile));
    if (stateSchema === undefined) throw corrupt(own, "it is not complete");
    return { ...common, stateSchema };
  }

  return {
    begin: (header) => DraftPackage.create(draftFolder, header, { disk, partBytes }),
    openDraft: () => DraftPackage.open(draftFolder, { disk, partBytes }),
    async draftHeader() {
      const text = await disk.readText(join(draftFolder, "draft.json"));
      return text === undefined ? undefined : parseHeader(text, draftFolder);
    },
    dropDraft: () => disk.remove(draftFolder),
    async seal(draft, content) {
      const { manifest, schema, state, stateSchema, importFile } = content;
      const own = join(packages, manifest.loadId);
      await disk.replaceFile(join(draftFolder, "schema.json"), schema);
      await disk.replaceFile(join(draftFolder, "state.json"), state);
      if (stateSchema !== undefined) await disk.replaceFile(join(draftFolder, stateSchemaFile), stateSchema);
      if (importFile !== undefined) await disk.replaceFile(join(draftFolder, importFileName), importFile);
      await disk.replaceFile(join(draftFolder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
      await disk.makeFolder(packages);
      await disk.rename(draft.folder, own);
      return { folder: own, ...content };
    },
    async pending() {
      const ids = await folders(packages);
      return ids.map((loadId) => ({ loadId, folder: join(packages, loadId), read: () => read(loadId) }));
    },
    async check({ folder: own, manifest }) {
      for (const { path, bytes } of manifest.parts) {
        const length = await disk.lengthOf(join(own, path));
        if (length === undefined || length < bytes) throw corrupt(own, `${path} is damaged`);
        if (length > bytes) await disk.cut(join(own, path), bytes);
      }
    },
    async newest() {
      return latestLoadId(...(await folders(packages)), ...(await folders(loaded)));
    },
    async finish(loadId, keep, trace) {
      if (trace !== undefined) {
        await disk.replaceFile(join(packages, loadId, traceFile), `${JSON.stringify(trace, null, 2)}\n`);
      }
      await disk.makeFolder(loaded);
      await disk.remove(join(packages, loadId, failureFile));
      await disk.remove(join(packages, loadId, "rows"));
      await disk.rename(join(packages, loadId), join(loaded, loadId));
      const old = await folders(loaded);
      for (const name of old.slice(0, Math.max(0, old.length - keep))) await disk.remove(join(loaded, name));
    },
  };
}

function parseManifest(text: string, folder: string): Manifest {
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    throw corrupt(folder, "manifest.json cannot be read");
  }
}

function corrupt(folder: string, what: string): LadingError {
  return new LadingError("PACKAGE_CORRUPT", `The load package in ${folder} is damaged: ${what}.`, {
    details: { folder },
  });
}

/** The folders that have the name of a load, oldest first. What else a person has put there is not ours. */
async function folders(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && isLoadId(entry.name))
      .map((entry) => entry.name)
      .toSorted(compareLoadIds);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
