import type { Dialect } from "../../destination/sql/dialect.ts";
import type { Staging, StagingOptions } from "../../destination/sql/load/index.ts";
import { rootRowColumn } from "../../schema/merge-strategy.ts";

/** Like {@link rootRowColumn}, a name that no naming convention makes. */
const arrivalColumn = '"arrival"';

/**
 * A temporary table for the rows that came for a table. DuckDB counts rows in the order in which they come; where a
 * column hides its count, there is one of ours.
 */
export function stagingTable(
  { quote, literal }: Dialect,
  { number, target, columns, marked }: StagingOptions,
): Staging {
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
