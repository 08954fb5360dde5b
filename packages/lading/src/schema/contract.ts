import { isComplete, isSystemTable, type ColumnSchema, type Schema, type TableSchema } from "./schema.ts";

/** What becomes of data that would change the schema. */
export type ContractMode = "evolve" | "freeze" | "discard_row" | "discard_value";
/** What a contract is about: new tables, new columns, values of another type. */
export type ContractEntity = "tables" | "columns" | "data_type";
/** A contract with a mode for everything. */
export type Contract = Readonly<Record<ContractEntity, ContractMode>>;
/** A contract as a schema keeps it: one word for everything, or modes; what is missing evolves. */
export type StoredContract = ContractMode | Partial<Contract>;

export const contractModes: readonly ContractMode[] = ["evolve", "freeze", "discard_row", "discard_value"];

/** Something that a contract forbids. */
export interface Violation {
  readonly entity: ContractEntity;
  readonly mode: Exclude<ContractMode, "evolve">;
  /** The column that is not to be; `undefined` where it is the table. */
  readonly column: string | undefined;
}

/** What a contract leaves of a change. */
export interface Judged {
  /** The change without the columns that are not allowed; `undefined` where the table itself is not. */
  readonly allowed: TableSchema | undefined;
  readonly violations: readonly Violation[];
}

const allEvolve: Contract = { tables: "evolve", columns: "evolve", data_type: "evolve" };

/** A stored contract with all of its modes (spec dlt-core 7.1). */
export function fullContract(stored: StoredContract | undefined): Contract {
  if (stored === undefined) return allEvolve;
  if (typeof stored === "string") return { tables: stored, columns: stored, data_type: stored };
  return { ...allEvolve, ...stored };
}

/**
 * The contract of a table as it stands in a schema: its own, that of the nearest table around it, or the one of the
 * schema's settings (spec dlt-core 7.1).
 *
 * @param parent where the table is not in the schema yet: the one that it is nested in
 */
export function contractOf(schema: Schema, table: string, parent?: string): Contract {
  if (isSystemTable(table)) return allEvolve;
  for (
    let one = schema.tables.get(table) ?? (parent === undefined ? undefined : schema.tables.get(parent));
    one !== undefined;
    one = one.parent === undefined ? undefined : schema.tables.get(one.parent)
  ) {
    if (one.schema_contract !== undefined) return fullContract(one.schema_contract);
  }
  return settingsContract(schema);
}

/** The contract of a schema's settings, which is that of its source. */
export function settingsContract(schema: Schema): Contract {
  return fullContract(schema.settings.schema_contract);
}

/** Whether a table is not there yet: a schema does not know it, or none of its columns has a type (spec dlt-core 7.1). */
export function isNewTable(schema: Schema, name: string): boolean {
  const table = schema.tables.get(name);
  return table === undefined || ![...table.columns.values()].some(isComplete);
}

const typeProperties = ["data_type", "nullable", "precision", "scale", "timezone"] as const;

/**
 * What a contract allows of a change, and what it does not (spec dlt-core 7.1). The columns of a new table evolve
 * whatever the contract says of columns; dlt's own columns always do.
 *
 * @param change a table with only what is new or different
 */
export function judge(schema: Schema, contract: Contract, change: TableSchema): Judged {
  if (contract.tables === "evolve" && contract.columns === "evolve" && contract.data_type === "evolve") {
    return { allowed: change, violations: [] };
  }
  const isNew = isNewTable(schema, change.name);
  if (isNew && contract.tables !== "evolve") {
    return { allowed: undefined, violations: [{ entity: "tables", mode: contract.tables, column: undefined }] };
  }
  const known = schema.tables.get(change.name);
  const columnMode = isNew || known?.["x-normalizer"]?.["evolve-columns-once"] === true ? "evolve" : contract.columns;
  const violations: Violation[] = [];
  const columns = new Map<string, ColumnSchema>();
  for (const [name, column] of change.columns) {
    const entity = isSystemTable(name) ? undefined : entityOf(column, known?.columns.get(name));
    const mode = entity === undefined ? "evolve" : entity === "columns" ? columnMode : contract.data_type;
    if (entity === undefined || mode === "evolve") columns.set(name, column);
    else violations.push({ entity, mode, column: name });
  }
  return { allowed: violations.length === 0 ? change : { ...change, columns }, violations };
}

/** Which part of a contract a column falls under; `undefined`: none. */
function entityOf(column: ColumnSchema, existing: ColumnSchema | undefined): "columns" | "data_type" | undefined {
  if (column.variant === true) return "data_type";
  if (existing === undefined || !isComplete(existing)) return "columns";
  const isChanged = typeProperties.some((property) => property in column && column[property] !== existing[property]);
  return isChanged ? "data_type" : undefined;
}
