import { LadingError } from "../errors/index.ts";
import { applySource, type SourceSettings } from "../normalize/declare.ts";
import { throwIfFrozen } from "../normalize/enforce-contract.ts";
import { contractOf, fullContract, isNewTable, judge, settingsContract, type Contract } from "../schema/contract.ts";
import { newColumn } from "../schema/hints.ts";
import { mergeTable } from "../schema/merge.ts";
import { cloneSchema, isComplete, type Schema, type TableSchema } from "../schema/schema.ts";
import { stateTable } from "../schema/system-tables.ts";
import { bumpVersion, rememberHash, schemaHash } from "../schema/version.ts";

/**
 * The two schemas of a package while it is filled. dlt extracts first and normalizes afterwards, and saves its schema
 * after each; its history of hashes shows both. One pass keeps both schemas, and counts versions once, at the seal.
 */
export interface PackageSchema {
  /** As it stands after extraction: what resources declare. */
  readonly declared: Schema;
  /** As it stands after normalization: also what was inferred from rows. Rows are normalized by this one. */
  readonly inferred: Schema;
}

export function beginPackageSchema(base: Schema, settings: SourceSettings): PackageSchema {
  const declared = cloneSchema(base);
  applySource(declared, settings);
  return { declared, inferred: cloneSchema(declared) };
}

/** What a resource declares, put into both. */
export function declare(schemas: PackageSchema, table: TableSchema): void {
  mergeTable(schemas.declared, copyOf(table), { declared: true });
  mergeTable(schemas.inferred, copyOf(table), { declared: true });
}

/**
 * What the contract leaves of a declaration (spec dlt-core 6.5, 7.1); the columns of a new table may evolve until it has
 * rows.
 *
 * @returns `undefined` where the contract discards the whole table
 * @throws LadingError CONTRACT_VIOLATED
 */
export function allowedDeclaration({ declared }: PackageSchema, table: TableSchema): TableSchema | undefined {
  // As in dlt: what the stored table had counts only for rows.
  const contract = declaredContract(declared, table);
  const { allowed, violations } = judge(declared, contract, table);
  throwIfFrozen({ schema: declared, table: table.name, contract }, violations);
  if (allowed === undefined || contract.columns === "evolve" || !isNewTable(declared, table.name)) return allowed;
  return { ...allowed, "x-normalizer": { ...allowed["x-normalizer"], "evolve-columns-once": true } };
}

/** A declaration's own contract, that of the table around it, or the one of the settings. */
function declaredContract(declared: Schema, { parent, schema_contract: own }: TableSchema): Contract {
  if (own !== undefined) return fullContract(own);
  return parent === undefined ? settingsContract(declared) : contractOf(declared, parent);
}

export interface SealOptions {
  readonly base: Schema;
  /** The schema was never stored before. */
  readonly isNew: boolean;
  /** A row for `_dlt_pipeline_state` is part of the package. */
  readonly writesState: boolean;
  /** Tables that have a file in the package, if only an empty one. */
  readonly withFiles: ReadonlySet<string>;
  readonly warn: (message: string) => void;
}

/**
 * The schema of a sealed package, its version and history as dlt's two saves leave them (spec dlt-core 4.3), and as it
 * was saved first: what was declared. Throws `COLUMN_WITHOUT_TYPE`.
 */
export function sealSchema(
  schemas: PackageSchema,
  options: SealOptions,
): { readonly schema: Schema; readonly declared: Schema } {
  const extracted = cloneSchema(schemas.declared);
  // Its names may have changed since it was stored.
  const { versionHash: baseHash } = options.base;
  if (!options.isNew && baseHash !== undefined && schemaHash(extracted) !== baseHash) rememberHash(extracted, baseHash);
  if (options.writesState) {
    const before = schemaHash(extracted);
    mergeTable(extracted, stateTable(), { declared: true });
    if (schemaHash(extracted) !== before) rememberHash(extracted, before);
  }
  bumpVersion(extracted);

  const sealed = cloneSchema(extracted);
  for (const [name, table] of schemas.inferred.tables) sealed.tables.set(name, table);
  sealed.normalizers = structuredClone(schemas.inferred.normalizers);
  if (options.writesState) addStateRow(sealed);
  for (const name of options.withFiles) markSeen(sealed, name, options.warn);
  const hash = schemaHash(sealed);
  if (hash !== extracted.versionHash) {
    rememberHash(sealed, extracted.versionHash!);
    bumpVersion(sealed);
  }
  return { schema: sealed, declared: extracted };
}

/** The state's own row is normalized like any other: it gets an id, and its table has seen data. */
function addStateRow(schema: Schema): void {
  mergeTable(schema, stateTable(), { declared: true });
  const table = schema.tables.get("_dlt_pipeline_state")!;
  if (!table.columns.has("_dlt_id")) table.columns.set("_dlt_id", newColumn(schema.settings, "_dlt_id", "text"));
  table["x-normalizer"] = { ...table["x-normalizer"], "seen-data": true };
}

function markSeen(schema: Schema, name: string, warn: (message: string) => void): void {
  const table = schema.tables.get(name);
  if (table === undefined) return;
  for (const column of table.columns.values()) {
    if (isComplete(column)) continue;
    if (column.nullable === false) {
      throw new LadingError(
        "COLUMN_WITHOUT_TYPE",
        `The column "${column.name}" of "${name}" must have a value, but no row has one.`,
        {
          hint: "Check the name of the column (a primary key that no row has?), or make it nullable. Where the source has it by now, run with --fresh (`fresh: true`).",
          details: { table: name, column: column.name },
        },
      );
    }
    warn(`No row of "${name}" has a value for the declared column "${column.name}": it is not made.`);
  }
  const marks = { ...table["x-normalizer"] };
  delete marks["evolve-columns-once"];
  table["x-normalizer"] = { ...marks, "seen-data": true };
}

function copyOf(table: TableSchema): TableSchema {
  return { ...table, columns: new Map([...table.columns].map(([name, column]) => [name, { ...column }])) };
}
