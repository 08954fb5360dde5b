import { LadingError } from "../errors/index.ts";
import {
  contractOf,
  judge,
  type Contract,
  type ContractEntity,
  type Judged,
  type Violation,
} from "../schema/contract.ts";
import type { Schema, TableSchema } from "../schema/schema.ts";
import type { Value } from "../schema/values.ts";
import type { CoercedRow } from "./coerce-row.ts";
import type { FlatRow } from "./flatten.ts";

/** A row or a value that a contract leaves out. */
export interface Discarded {
  readonly table: string;
  /** The whole row, with all that is nested in it, or a value of it. */
  readonly what: "row" | "value";
  readonly entity: ContractEntity;
  /** The column that the contract does not allow; `undefined` where it is the table. */
  readonly column: string | undefined;
  /** The row as it came, flattened: values by column. */
  readonly row: ReadonlyMap<string, Value>;
  /** Where the value stands in the row. */
  readonly origin: string | undefined;
}

/** A row after its contract was asked. */
export interface Enforced {
  /** `undefined`: the row is discarded. */
  readonly cells: ReadonlyMap<string, string> | undefined;
  /** What the table learns. Of a discarded row too, where another part of the contract allows it (spec dlt-core 7.1). */
  readonly partial: TableSchema | undefined;
  readonly discarded: readonly Discarded[];
}

/**
 * Asks the contract of a table about a row that would change it. Each row is judged by itself, so that it does not matter
 * which rows came before.
 *
 * @throws LadingError CONTRACT_VIOLATED
 */
export function enforceContract(
  schema: Schema,
  row: FlatRow,
  { cells, partial, origins }: CoercedRow & { readonly partial: TableSchema },
): Enforced {
  const contract = contractOf(schema, row.table, row.parent);
  const { allowed, violations } = judge(schema, contract, partial);
  if (violations.length === 0) return { cells, partial, discarded: [] };
  throwIfFrozen({ schema, table: row.table, contract, values: row.values }, violations);
  const change = allowed !== undefined && allowed.columns.size > 0 ? allowed : undefined;
  const fatal = violations.find(({ mode, column }) => mode === "discard_row" || column === undefined);
  const discard = (what: Discarded["what"], { entity, column }: Violation): Discarded => {
    const origin = column === undefined ? undefined : (origins.get(column) ?? column);
    return { table: row.table, what, entity, column, row: row.values, origin };
  };
  if (fatal !== undefined) return { cells: undefined, partial: change, discarded: [discard("row", fatal)] };
  const left = new Map(cells);
  for (const { column } of violations) if (column !== undefined) left.delete(column);
  return { cells: left, partial: change, discarded: violations.map((one) => discard("value", one)) };
}

interface Offence {
  readonly schema: Schema;
  readonly table: string;
  readonly contract: Contract;
  /** Of the row, where there is one. */
  readonly values?: ReadonlyMap<string, Value>;
}

/**
 * @throws LadingError CONTRACT_VIOLATED where one of the violations is of something frozen; `details` are those of dlt's
 *   DataValidationError (spec dlt-core 7.2): schema, table, column, entity, mode, contract, and the key of the row
 */
export function throwIfFrozen({ schema, table, contract, values }: Offence, violations: Judged["violations"]): void {
  const frozen = violations.find(({ mode }) => mode === "freeze");
  if (frozen === undefined) return;
  const { entity, mode, column } = frozen;
  const key = keyOf(schema.tables.get(table), values);
  throw new LadingError("CONTRACT_VIOLATED", `${sentence(table, frozen)}${said(key)}.`, {
    hint: `Change the data, or the contract: { ${entity === "data_type" ? "dataType" : entity}: "evolve" } takes it in, "discard_row" and "discard_value" leave it out.`,
    details: { schema: schema.name, table, column, entity, mode, contract: { ...contract }, key },
  });
}

function sentence(table: string, { entity, column }: Violation): string {
  switch (entity) {
    case "tables":
      return `The table "${table}" is new, and the contract freezes the tables`;
    case "columns":
      return `The column "${column}" of "${table}" is new, and the contract freezes the columns`;
    case "data_type":
      return `The column "${column}" of "${table}" would change a type, and the contract freezes the types`;
  }
}

/** The columns by which a person finds the row (dlt names them too). */
function keyOf(table: TableSchema | undefined, values: Offence["values"]): Readonly<Record<string, string>> {
  const key: Record<string, string> = {};
  for (const { name, primary_key, merge_key } of table?.columns.values() ?? []) {
    const value = values?.get(name);
    if ((primary_key !== true && merge_key !== true) || value === undefined || value === null) continue;
    if (typeof value === "string" || typeof value === "bigint" || typeof value === "boolean") key[name] = String(value);
  }
  return key;
}

function said(key: Readonly<Record<string, string>>): string {
  const parts = Object.entries(key).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? "" : ` (the row with ${parts.join(", ").slice(0, 200)})`;
}
