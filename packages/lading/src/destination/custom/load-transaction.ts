import type { Config } from "../../config/config.ts";
import { mask } from "../../config/mask.ts";
import { LadingError } from "../../errors/index.ts";
import type { Schema } from "../../schema/schema.ts";
import { stateFromText, stateVersion } from "../../state/pipeline-state.ts";
import type { LoadRequest, LoadTransaction, StoredSchema } from "../destination.ts";
import type { Batch, RemoveTables, WriteBatch } from "./batch.ts";
import type { Committed, Ledger, LoadProgress } from "./ledger.ts";
import { describeTable, tableBatches, type PackageTable } from "./table-rows.ts";

/** Finished loads that are remembered. */
const keptLoads = 100;

/** What a load of a destination of one's own needs. */
export interface CustomLoadOptions {
  readonly name: string;
  readonly write: WriteBatch;
  readonly removeTables: RemoveTables | undefined;
  readonly batchSize: number;
  readonly withSystemColumns: boolean;
  readonly ledger: Ledger;
  readonly config: Config;
  readonly signal: AbortSignal;
}

/**
 * Sends the rows of a package, batch by batch. There is nothing to roll back at the other end; instead, what was
 * acknowledged is on the disk before the next batch leaves, and a load that is begun again goes on behind it.
 */
export async function beginCustomLoad(
  options: CustomLoadOptions,
  { package: sealed, schema, stateSchema }: LoadRequest,
): Promise<LoadTransaction> {
  const { ledger, signal, batchSize } = options;
  const { manifest } = sealed;
  const { loadId } = manifest;
  let progress = await takeUp(ledger, loadId, batchSize);
  /** Rows that went before, of the tables that are still to come. */
  let before = progress.rows;
  const sent = new Set<string>();

  function packageTable(name: string): PackageTable {
    const table = schema.tables.get(name);
    if (table === undefined)
      throw new LadingError("PACKAGE_CORRUPT", `The package has rows of "${name}", which its schema does not know.`);
    const parts = manifest.parts.filter((part) => part.table === name);
    return { folder: sealed.folder, loadId, schema, table, parts, withSystemColumns: options.withSystemColumns };
  }

  /** A table goes as a whole, so that its batches are full; parents come first, as their files were begun first. */
  async function send(name: string): Promise<void> {
    const given = packageTable(name);
    const count = given.parts.reduce((sum, part) => sum + part.rows, 0);
    const skip = Math.min(before, count);
    before -= skip;
    if (skip === count) return;
    const table = describeTable(given);
    const gone = progress.removed === true ? { removed: true as const } : {};
    for await (const rows of tableBatches(given, batchSize, skip)) {
      const batch = progress.batch + 1;
      await write({ table, rows, loadId, batch, config: options.config, signal });
      progress = { loadId, batchSize, batch, rows: progress.rows + rows.length, ...gone };
      await ledger.keep(progress);
    }
  }

  async function write(batch: Batch): Promise<void> {
    if (signal.aborted) throw stopped(signal.reason);
    try {
      await options.write(batch);
    } catch (cause) {
      throw signal.aborted ? stopped(cause) : refused(options, batch, cause);
    }
  }

  /** Once, and before the first row: later it would take away rows of this load. */
  async function remove(): Promise<void> {
    const { dropped = [], truncated = [] } = manifest;
    if (progress.removed === true || dropped.length + truncated.length === 0) return;
    const { removeTables, config, name } = options;
    if (removeTables === undefined) throw cannotDrop(name);
    for (const [how, tables] of [["drop", dropped] as const, ["empty", truncated] as const]) {
      if (tables.length === 0) continue;
      if (signal.aborted) throw stopped(signal.reason);
      try {
        await removeTables({ tables, how, loadId, config, signal });
      } catch (cause) {
        throw signal.aborted ? stopped(cause) : notRemoved(options, how, tables, cause);
      }
    }
    progress = { ...progress, removed: true };
    await ledger.keep(progress);
  }

  return {
    async migrate() {
      await remove();
      return [];
    },
    async copy(part) {
      if (sent.has(part.table)) return;
      sent.add(part.table);
      await send(part.table);
    },
    async commit() {
      const known = await ledger.committed();
      const state = stateFromText(sealed.state);
      const stateLoad = manifest.stateLoad?.loadId;
      const next: Committed = {
        format: 1,
        state: manifest.writesState
          ? { version: stateVersion(state), state: sealed.state, loadId: stateLoad ?? loadId }
          : known.state,
        schemas: {
          ...known.schemas,
          ...(stateSchema === undefined ? {} : { [stateSchema.name]: stored(stateSchema, sealed.stateSchema!) }),
          [schema.name]: stored(schema, sealed.schema),
        },
        loads: [...known.loads, loadId, ...(stateLoad === undefined ? [] : [stateLoad])].slice(-keptLoads),
      };
      await ledger.commit(next);
      return new Map();
    },
    rollback: async () => {},
  };
}

function stored({ version = 1, versionHash = "" }: Schema, schema: string): StoredSchema {
  return { version, versionHash, schema };
}

/**
 * Where a load goes on. A number stands for the same rows for ever: where the size has changed, one number is passed
 * over, as the batch that it stood for may have arrived.
 */
async function takeUp(ledger: Ledger, loadId: string, batchSize: number): Promise<LoadProgress> {
  const known = await ledger.progress(loadId);
  if (known?.batchSize === batchSize) return known;
  const begun: LoadProgress =
    known === undefined ? { loadId, batchSize, batch: 0, rows: 0 } : { ...known, batchSize, batch: known.batch + 1 };
  // Kept before the first batch leaves, which may arrive and never be acknowledged.
  await ledger.keep(begun);
  return begun;
}

function stopped(cause: unknown): LadingError {
  return new LadingError("ABORTED", "The run was stopped while it loaded.", {
    cause,
    hint: "The package is kept. The next run goes on with the batch that was not acknowledged.",
  });
}

function cannotDrop(destination: string): LadingError {
  return new LadingError("DROP_UNSUPPORTED", `The destination "${destination}" cannot drop or empty tables.`, {
    hint: "Give it a function `removeTables`, or take them away there by hand and run without refresh.",
    details: { destination },
  });
}

function notRemoved(
  { name, config }: CustomLoadOptions,
  how: "drop" | "empty",
  tables: readonly string[],
  cause: unknown,
): LadingError {
  const why = mask(cause instanceof Error ? cause.message : String(cause), config.secrets);
  return new LadingError(
    "DESTINATION_FAILED",
    `The destination "${name}" did not ${how} ${tables.join(", ")}: ${why}`,
    {
      cause,
      hint: "The package is kept; the next run asks for it again.",
      details: { tables },
    },
  );
}

function refused({ name, config }: CustomLoadOptions, batch: Batch, cause: unknown): LadingError {
  const why = mask(cause instanceof Error ? cause.message : String(cause), config.secrets);
  const own = LadingError.is(cause) ? `${cause.hint} ` : "";
  return new LadingError(
    "DESTINATION_FAILED",
    `The destination "${name}" did not take batch ${batch.batch} (${batch.rows.length} rows of "${batch.table.name}"): ${why}`,
    {
      cause,
      hint: `${own}The package is kept; the next run goes on with this batch.`,
      details: { table: batch.table.name, batch: batch.batch, loadId: batch.loadId, rows: batch.rows.length },
    },
  );
}
