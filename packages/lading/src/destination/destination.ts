import type { Config } from "../config/config.ts";
import type { SealedPackage } from "../load-package/package-store.ts";
import type { Part } from "../load-package/manifest.ts";
import type { Schema } from "../schema/schema.ts";
import type { Capabilities } from "./capabilities.ts";
import type { SqlReader } from "./sql-reader.ts";

/** What a destination is given when it is connected to. */
export interface ConnectOptions {
  readonly pipeline: string;
  /** The dataset: a schema in a database, a folder in a bucket. Normalized already. */
  readonly dataset: string;
  /** Settings, looked up in `destination.<name>`. */
  readonly config: Config;
  /** Where relative paths begin. */
  readonly folder: string;
  /** The pipeline's own folder on this machine (`.lading/<pipeline>`), for a destination that has to remember something. */
  readonly workingFolder: string;
  readonly signal: AbortSignal;
}

/** Where data goes. Made by a factory (`duckdb("x.duckdb")`); nothing is opened before {@link Destination.connect}. */
export interface Destination {
  readonly type: "destination";
  /** Short name, also the section of its settings: `duckdb`. */
  readonly name: string;
  /** What is written into the state: dlt's module path, so that dlt can go on. */
  readonly dltType: string;
  readonly capabilities: Capabilities;
  /** Where the data is, for people: without secrets. */
  describe(options: Pick<ConnectOptions, "pipeline" | "folder" | "workingFolder" | "config">): string;
  /**
   * Opens the destination. Called to restore, and again to load; never held open while data is extracted.
   * Throws `DESTINATION_*`.
   */
  connect(options: ConnectOptions): Promise<DestinationClient>;
}

/** The newest state of a pipeline in a destination, of a load that was committed. */
export interface StoredState {
  readonly version: number;
  /** As it stands in the column: encoded. */
  readonly state: string;
  readonly loadId: string;
}

/** A stored schema. */
export interface StoredSchema {
  readonly version: number;
  readonly versionHash: string;
  /** As it stands in the column: JSON, or compressed. */
  readonly schema: string;
}

/** What tells a load from all others of a dataset. */
export interface LoadIdentity {
  readonly loadId: string;
  /** The name of its schema. */
  readonly schema: string;
  readonly schemaVersionHash: string;
}

/** A table and the columns that were added to it; all of them where the table is new. */
export interface TableChange {
  readonly table: string;
  readonly added: readonly string[];
}

/** Rows of a table before and after a load. */
export interface TableCount {
  readonly removed: number;
  readonly total: number;
}

/** An open connection. */
export interface DestinationClient extends AsyncDisposable {
  /** The newest state of a pipeline, or `undefined` where the dataset has none. */
  readState(pipeline: string): Promise<StoredState | undefined>;
  /** The newest version of a schema by its name. */
  readSchema(name: string): Promise<StoredSchema | undefined>;
  /** Whether a package was committed: its row in `_dlt_loads`. Another pipeline may have a load with the same id. */
  isLoaded(load: LoadIdentity): Promise<boolean>;
  /** The newest load id of the dataset, whosever it is. */
  lastLoadId(): Promise<string | undefined>;
  /**
   * Begins to load a package. Nothing of it can be seen before {@link LoadTransaction.commit}: neither its rows, nor that
   * tables were dropped or emptied before them (`dropped` and `truncated` of the manifest).
   */
  begin(load: LoadRequest): Promise<LoadTransaction>;
  /**
   * Begins to load a package that is still being filled (design 3, overlap). Only where everything can be given up again
   * until the commit; a destination without it is loaded after the seal.
   */
  beginEarly?(load: EarlyRequest): Promise<EarlyLoad>;
  /** For reading what is there. */
  reader(): SqlReader;
  close(): Promise<void>;
}

/** A package about to be loaded, with its schema parsed. */
export interface LoadRequest {
  readonly package: SealedPackage;
  readonly schema: Schema;
  /** The one that the state's row belongs to, where that is another one (`manifest.stateLoad`). */
  readonly stateSchema?: Schema;
}

/** A package that will be sealed with this load id, if all goes well. */
export interface EarlyRequest {
  readonly loadId: string;
  /** Root tables that are replaced by way of a staging table. */
  readonly replacedFromStaging?: readonly string[];
  /** Tables that are dropped first, nested ones first. */
  readonly dropped?: readonly string[];
  /** Tables that are emptied first, where they are there. */
  readonly truncated?: readonly string[];
}

/** A load that began before its package was sealed. It promises nothing: what it did can be given up at any time. */
export interface EarlyLoad {
  /**
   * Puts the rows of a finished row file where the commit finds them. Files of a table come in the order in which they
   * were begun.
   * @param folder where the file is now
   * @param schema as far as it is known: it has the file's columns
   */
  copy(part: Part, folder: string, schema: Schema): Promise<void>;
  /** Goes on with the package once it is sealed; files that were copied are not copied again. */
  complete(load: LoadRequest): Promise<LoadTransaction>;
  rollback(): Promise<void>;
}

/** One load, invisible until it is committed; done twice it has the effect of once. */
export interface LoadTransaction {
  /** Brings the tables to the schema; only ever adds. Looks at the catalog, not at what it remembers. */
  migrate(): Promise<readonly TableChange[]>;
  /** Puts the rows of a file where the commit finds them. */
  copy(part: Part): Promise<void>;
  /**
   * Makes everything visible at once: rows, `_dlt_version`, `_dlt_pipeline_state` and, last, `_dlt_loads`.
   * Throws `CONFLICT` where someone else loaded the pipeline in the meantime.
   * @returns what it did to each table
   */
  commit(): Promise<ReadonlyMap<string, TableCount>>;
  /** Gives everything up; the destination is as before. */
  rollback(): Promise<void>;
}
