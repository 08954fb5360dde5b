import { rootRowColumn } from "../../schema/merge-strategy.ts";
import { duckdbDialect } from "./dialect.ts";

const { quote, literal } = duckdbDialect;

/** Like {@link rootRowColumn}, a name that no naming convention makes. */
const arrivalColumn = '"arrival"';

/** A temporary table for the rows that came for a table. */
export interface Staging {
  readonly name: string;
  /** The column that grows in the order in which rows come: DuckDB's own, or one of ours where it is hidden. */
  readonly arrival: string;
  readonly create: readonly string[];
  readonly drop: readonly string[];
}

/**
 * @param number tells it from others of the load
 * @param columns names of the columns of the target
 * @param marked whether files say of each row which root row it belongs to
 */
export function stagingTable(number: number, target: string, columns: readonly string[], marked: boolean): Staging {
  const name = `temp.main.${quote(`staging_${number}`)}`;
  // A column of that name hides the one that DuckDB counts by.
  const counts = columns.some((column) => column.toLowerCase() === "rowid");
  const list = [
    ...columns.map(quote),
    ...(marked ? [`CAST(NULL AS VARCHAR) AS ${quote(rootRowColumn)}`] : []),
    ...(counts ? [`CAST(NULL AS BIGINT) AS ${quote(arrivalColumn)}`] : []),
  ];
  const create = `CREATE OR REPLACE TEMPORARY TABLE ${name} AS SELECT ${list.join(", ")} FROM ${target} LIMIT 0`;
  if (!counts) return { name, arrival: "rowid", create: [create], drop: [`DROP TABLE ${name}`] };
  const sequence = `arrival_${number}`;
  return {
    name,
    arrival: quote(arrivalColumn),
    create: [
      `CREATE OR REPLACE TEMPORARY SEQUENCE ${quote(sequence)}`,
      create,
      `ALTER TABLE ${name} ALTER COLUMN ${quote(arrivalColumn)} SET DEFAULT nextval(${literal(sequence)})`,
    ],
    drop: [`DROP TABLE ${name}`, `DROP SEQUENCE ${quote(sequence)}`],
  };
}
