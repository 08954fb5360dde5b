import { Buffer } from "node:buffer";
import { bumpState, cloneState, type PipelineState } from "../../../src/state/pipeline-state.ts";
import type { Observed } from "../../../src/testing/golden/index.ts";
import type { ExactObject } from "../../../src/util/exact.ts";

/** The types that dlt gives to columns in DuckDB, and those that it gives to the same columns in PostgreSQL. */
const types: Readonly<Record<string, string>> = {
  VARCHAR: "character varying",
  BIGINT: "bigint",
  DOUBLE: "double precision",
  BOOLEAN: "boolean",
  DATE: "date",
  "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
  JSON: "jsonb",
  BLOB: "bytea",
};

/** What PostgreSQL is to hold where DuckDB holds what is in a golden result. */
export function inPostgres(step: Observed): Observed {
  const hints = hintsOf(step.versions ?? []);
  const tables = Object.entries(step.tables).map(([name, { columns, rows }]) => [
    name,
    {
      columns: columns.map(([column, type, nullable]) => [
        column,
        typeInPostgres(type, hints.get(`${name}.${column}`)),
        nullable,
      ]),
      ...(rows && { rows: rows.map((row) => row.map((cell, at) => cellInPostgres(cell, columns[at]![1]))) }),
    },
  ]);
  return {
    ...step,
    tables: Object.fromEntries(tables) as Observed["tables"],
    ...(step.states && { states: step.states.map(stateInPostgres) }),
  };
}

function typeInPostgres(type: string, hints: ExactObject | undefined): string {
  const found = types[type] ?? type.replace(/^DECIMAL(\(\d+,\d+\))$/, "numeric$1");
  if (found === type) throw new TypeError(`No golden case has had the type ${type}.`);
  const length = type === "VARCHAR" ? hints?.get("precision") : undefined;
  return `${found}${length === undefined ? "" : `(${String(Number(length))})`}${hints?.get("unique") === true ? " UNIQUE" : ""}`;
}

function cellInPostgres(cell: string | null, type: string): string | null {
  if (cell === null || type !== "BLOB") return cell;
  // DuckDB writes letters as they are and other bytes as \x0A.
  const bytes = cell.replaceAll(/\\x([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number(`0x${digits}`)));
  return `\\x${Buffer.from(bytes, "latin1").toString("hex")}`;
}

/** Where the pipeline loads is a part of what is hashed. */
function stateInPostgres(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const state = cloneState(row["state"] as PipelineState).set("destination_type", "dlt.destinations.postgres");
  const hash = row["version_hash"] === "<hash>" ? "<hash>" : bumpState(cloneState(state));
  return { ...row, state: state.set("_version_hash", hash), version_hash: hash };
}

/**
 * Hints by `table.column`, from the first stored schema that has it, as a column stays as it was made. DuckDB forgets the
 * length of a text, and dlt makes no unique indexes there.
 */
function hintsOf(versions: NonNullable<Observed["versions"]>): ReadonlyMap<string, ExactObject> {
  const tables = versions.toReversed().flatMap(({ schema }) => entries(schema as ExactObject, "tables"));
  return new Map(
    tables.flatMap(([table, one]) =>
      entries(one, "columns").map(([column, hints]) => [`${table}.${column}`, hints] as const),
    ),
  );
}

function entries(map: ExactObject, key: string): readonly (readonly [string, ExactObject])[] {
  return [...((map.get(key) ?? new Map()) as ReadonlyMap<string, ExactObject>)];
}
