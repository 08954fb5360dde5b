import { LadingError } from "../../../errors/index.ts";
import { mergeStrategyOf, passesRootIds } from "../../../schema/merge-strategy.ts";
import { hasSeenData, isSystemTable, rootTable, tableChain, type TableSchema } from "../../../schema/schema.ts";
import { decodeState, stateFromText, storedHash } from "../../../state/pipeline-state.ts";
import { randomId } from "../../../util/row-id.ts";
import type { LoadRequest, LoadTransaction, TableChange, TableCount } from "../../destination.ts";
import { mergeStatements, replaceFromStaging, type MergeTables } from "../merge/index.ts";
import {
  deleteVersions,
  insertLoad,
  insertState,
  insertVersion,
  selectLaterLoad,
  selectLoad,
  selectNewestSchema,
  selectNewestState,
} from "../system-rows.ts";
import type { OpenLoad } from "./begin-load.ts";
import { fillRootIds } from "./fill-ids.ts";

/**
 * Loads a sealed package in the one transaction of a load: tables, rows, and dlt's own rows become visible together or
 * not at all. DDL is part of the transaction, so nothing is left of a load that fails.
 */
export function sealedLoad(load: OpenLoad, { package: sealed, schema, stateSchema }: LoadRequest): LoadTransaction {
  const { manifest } = sealed;
  const { loadId } = manifest;
  const { engine, tables, early } = load;
  const { dialect, names, run } = engine;
  const touched = touchedTables();
  const guarded = <T>(action: () => Promise<T>): Promise<T> => load.guarded(action, touched);

  /** Tables that this package writes to, nested ones of replaced and merged ones included. */
  function touchedTables(): TableSchema[] {
    const withRows = new Set([...manifest.parts.map((part) => part.table), ...manifest.emptied]);
    const all = new Map<string, TableSchema>();
    for (const name of withRows) {
      const table = schema.tables.get(name);
      if (table === undefined)
        throw new LadingError("PACKAGE_CORRUPT", `The package has rows of "${name}", which its schema does not know.`);
      const root = rootTable(schema, table);
      all.set(name, table);
      if (root.write_disposition === "append") continue;
      for (const one of tableChain(schema, root.name)) if (hasSeenData(one)) all.set(one.name, one);
    }
    return [...all.values()];
  }

  async function migrate(): Promise<TableChange[]> {
    for (const table of schema.tables.values()) {
      const isState = table.name === "_dlt_pipeline_state" && manifest.writesState;
      if (!hasSeenData(table) && !isState && (!isSystemTable(table.name) || table.name === "_dlt_pipeline_state"))
        continue;
      await tables.bring(schema, table);
    }
    const stateTable = stateSchema?.tables.get("_dlt_pipeline_state");
    if (stateTable !== undefined) await tables.bring(stateSchema!, stateTable);
    for (const part of manifest.parts) tables.checkTypes(schema, part);
    await tables.emptyFirst();
    await giveRootIds();
    for (const table of touched) await tables.prepare(schema, table);
    return tables.changes(schema);
  }

  /** To nested rows without one, in tables that are merged. Parents first: nested rows take it from them. */
  async function giveRootIds(): Promise<void> {
    const merged = new Set(touched.filter((table) => passesRootIds(rootTable(schema, table))).map(({ name }) => name));
    for (const root of schema.tables.values()) {
      if (root.parent !== undefined) continue;
      for (const table of tableChain(schema, root.name)) {
        const fill = merged.has(table.name) ? fillRootIds(dialect, schema, table, names.table) : undefined;
        // The question costs nothing where no row group has a NULL; the answer may be a join.
        if (fill !== undefined && (await engine.rows(fill.question)).length > 0) await run(fill.statement);
      }
    }
  }

  async function merge(): Promise<void> {
    const { staged } = tables;
    const roots = new Set([...staged.keys()].map((name) => rootTable(schema, schema.tables.get(name)!).name));
    const temporary: string[] = [];
    // In one order for all, so that none waits for another that waits for it.
    for (const root of [...roots].toSorted()) await engine.lockMerge?.(root);
    for (const root of roots) {
      const [first, ...nested] = tableChain(schema, root).filter((table) => staged.has(table.name));
      const chain = [first!, ...nested] as const;
      const places: MergeTables = {
        target: names.table,
        staging: (name) => staged.get(name)!.name,
        arrival: staged.get(root)!.arrival,
        temporary: (purpose) => {
          const name = dialect.temporary(`${purpose}_${temporary.length}`);
          temporary.push(name);
          return name;
        },
      };
      const statements =
        first!.write_disposition === "replace"
          ? replaceFromStaging(dialect, places, chain)
          : mergeStatements({ dialect: dialect, tables: places, schema, chain, loadId });
      for (const statement of statements) await run(statement);
    }
    for (const table of temporary) await run(`DROP TABLE ${table}`);
    for (const { drop } of staged.values()) for (const statement of drop) await run(statement);
  }

  /**
   * The newest state and schema must be those that the run began from (design 3, one runner). Where loads change neither,
   * each of two machines adds its rows, as it would have done one after the other.
   */
  async function fence(): Promise<void> {
    // A commit whose outcome nobody knew may have been done since this run asked for it.
    const identity = { loadId, schema: schema.name, schemaVersionHash: schema.versionHash ?? "" };
    if ((await engine.rowIfThere(selectLoad(dialect, names.system, identity))) !== undefined)
      throw conflict(`The load ${loadId} of "${manifest.pipeline}" has been committed meanwhile.`, {});
    // Histories are told by load ids: an older one would end versions before they began.
    const isHistory = touched.some((table) => mergeStrategyOf(rootTable(schema, table)) === "scd2");
    const later = isHistory
      ? await engine.rowIfThere(selectLaterLoad(dialect, names.system, schema.name, loadId))
      : undefined;
    if (later !== undefined) {
      const newest = String(later["load_id"]);
      throw conflict(`A later load (${newest}) of "${schema.name}" into ${names.dataset} has been committed.`, {
        newest,
      });
    }
    const version = await engine.rowIfThere(selectNewestSchema(dialect, names.system, schema.name));
    const stored = await engine.rowIfThere(selectNewestState(dialect, names.system, manifest.pipeline));
    const { base } = manifest;
    const newestSchema = version === undefined ? undefined : String(version["version_hash"]);
    const newestState = stored === undefined ? undefined : storedHash(decodeState(String(stored["state"])));
    // Where nothing is there, the dataset was dropped: that hurts nobody.
    const unchanged = (newest: string | undefined, began: string | undefined): boolean =>
      newest === undefined || newest === began;
    if (unchanged(newestSchema, base.schemaHash) && unchanged(newestState, base.stateHash)) return;
    throw conflict(`Since this run of "${manifest.pipeline}" began, another one has loaded into ${names.dataset}.`, {
      newestSchema,
      newestState,
      base,
    });
  }

  function conflict(what: string, details: Readonly<Record<string, unknown>>): LadingError {
    return new LadingError("CONFLICT", what, { details: { loadId, ...details } });
  }

  async function writeSystemRows(): Promise<void> {
    const now = new Date().toISOString();
    const { system } = names;
    // Not before the fence, which asks for the newest one.
    if ((manifest.dropped ?? []).length > 0) await run(deleteVersions(dialect, system, schema.name));
    await run(insertVersion(dialect, system, schema, sealed.schema, now));
    const { pipeline, stateLoad } = manifest;
    if (stateSchema !== undefined) await run(insertVersion(dialect, system, stateSchema, sealed.stateSchema!, now));
    if (manifest.writesState) {
      const state = stateFromText(sealed.state);
      const row = { pipeline, state, loadId: stateLoad?.loadId ?? loadId, rowId: randomId(), now };
      await run(insertState(dialect, system, row));
    }
    await run(insertLoad(dialect, system, schema, loadId, now));
    if (stateLoad !== undefined && stateSchema !== undefined)
      await run(insertLoad(dialect, system, stateSchema, stateLoad.loadId, now));
  }

  async function commit(): Promise<ReadonlyMap<string, TableCount>> {
    await merge();
    await tables.finish();
    await fence();
    await writeSystemRows();
    const counts = new Map<string, TableCount>();
    const counted = new Set([...tables.emptied.keys(), ...touched.map(({ name }) => name)]);
    for (const name of counted) {
      const count = await tables.count(schema, name);
      if (count !== undefined) counts.set(name, count);
    }
    await load.commit();
    return counts;
  }

  return {
    migrate: () => guarded(migrate),
    copy: (part) =>
      guarded(async () => {
        if (!early.has(part.path)) await tables.copy(schema, part, sealed.folder);
      }),
    commit: () => guarded(commit),
    rollback: () => load.rollback(),
  };
}
