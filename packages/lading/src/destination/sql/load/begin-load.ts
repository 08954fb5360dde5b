import type { EarlyLoad, EarlyRequest, LoadRequest, LoadTransaction } from "../../destination.ts";
import type { Part } from "../../../load-package/manifest.ts";
import type { Schema, TableSchema } from "../../../schema/schema.ts";
import type { EngineTransaction, ExpectedFile, SqlEngine } from "./engine.ts";
import { loadTables, type LoadTables } from "./load-tables.ts";
import { sealedLoad } from "./sealed-load.ts";

/** The one transaction of a load, and what was done in it so far. */
export interface OpenLoad extends EngineTransaction {
  readonly engine: SqlEngine;
  readonly tables: LoadTables;
  /** Files that were copied before the seal, by their paths. */
  readonly early: Set<string>;
  /** The engine's own errors, in our words. */
  guarded<T>(action: () => Promise<T>, touched: readonly TableSchema[]): Promise<T>;
}

/** Begins to load a sealed package. */
export async function beginLoad(engine: SqlEngine, load: LoadRequest): Promise<LoadTransaction> {
  return sealed(await open(engine, load.package.manifest), load);
}

/** Begins to load a package that is still being filled. */
export async function beginEarlyLoad(engine: SqlEngine, request: EarlyRequest): Promise<EarlyLoad> {
  const load = await open(engine, request);
  const { tables } = load;
  return {
    copy: (part, folder, schema) => {
      const table = schema.tables.get(part.table)!;
      return load.guarded(async () => {
        await load.expect([expected(schema, part)]);
        await tables.bring(schema, table);
        tables.checkTypes(schema, part);
        await tables.prepare(schema, table);
        await tables.copy(schema, part, folder);
        load.early.add(part.path);
      }, [table]);
    },
    async complete(whole) {
      if (tables.fits(whole.schema)) return sealed(load, whole);
      // What the rows of the end made of the schema would have given other tables: all anew.
      await load.rollback();
      return beginLoad(engine, whole);
    },
    rollback: () => load.rollback(),
  };
}

async function sealed(load: OpenLoad, request: LoadRequest): Promise<LoadTransaction> {
  await load.expect(request.package.manifest.parts.map((part) => expected(request.schema, part)));
  return sealedLoad(load, request);
}

function expected(schema: Schema, { table, columns, longestRow }: Part): ExpectedFile {
  return { columns: Math.max(columns.length, schema.tables.get(table)?.columns.size ?? 0), longestRow };
}

async function open(engine: SqlEngine, request: EarlyRequest): Promise<OpenLoad> {
  let transaction: EngineTransaction | undefined;
  try {
    transaction = await engine.begin(request);
    return {
      ...transaction,
      engine,
      tables: await loadTables(engine, request),
      early: new Set(),
      async guarded(action, touched) {
        try {
          return await action();
        } catch (error) {
          throw engine.explain(error, touched);
        }
      },
    };
  } catch (error) {
    await transaction?.rollback();
    throw engine.explain(error, []);
  }
}
