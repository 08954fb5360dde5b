import type { LoadDialect } from "../../destination/sql/load/index.ts";
import { quoteIdentifier as quote, textLiteral as literal } from "../../engines/postgres/sql.ts";
import { rootRowColumn } from "../../schema/merge-strategy.ts";
import { columnFits } from "./column-fit.ts";
import { columnType } from "./column-type.ts";

/** Like {@link rootRowColumn}, a name that no naming convention makes. */
const arrivalColumn = quote("arrival of a row");

/** PostgreSQL's SQL, with the types that dlt gives columns there (spec destinations A.3). */
export const postgresDialect: LoadDialect = {
  quote,
  literal,
  columnType,
  alterAddsMany: true,
  // On a table that has rows it is refused; dlt warns and does it.
  alterAddsNotNull: false,
  fits: columnFits,
  staging({ number, target, columns, marked }) {
    const name = temporary(`staging_${number}`);
    const list = [...columns.map(quote), ...(marked ? [`CAST(NULL AS text) AS ${quote(rootRowColumn)}`] : [])];
    return {
      name,
      arrival: arrivalColumn,
      create: [
        `CREATE TEMPORARY TABLE ${name} ON COMMIT DROP AS SELECT ${list.join(", ")} FROM ${target} WITH NO DATA`,
        `ALTER TABLE ${name} ADD COLUMN ${arrivalColumn} bigint GENERATED ALWAYS AS IDENTITY`,
      ],
      drop: [`DROP TABLE ${name}`],
    };
  },
  temporary,
  empty: (table) => `TRUNCATE TABLE ${table}`,
  rowId: "replace(CAST(gen_random_uuid() AS text), '-', '')",
  // Building an index over what is there is a third cheaper than keeping it up row by row (spec performance H).
  finish: (table, added) =>
    added
      .filter((column) => column.unique === true)
      .map(({ name }) => `ALTER TABLE ${table} ADD UNIQUE (${quote(name)})`),
};

function temporary(name: string): string {
  return `pg_temp.${quote(name)}`;
}
