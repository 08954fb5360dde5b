import type { LoadDialect, PartCopy } from "../../destination/sql/load/index.ts";
import { quoteIdentifier, textLiteral } from "../../engines/duckdb/sql.ts";
import { LadingError } from "../../errors/index.ts";
import type { ColumnSchema } from "../../schema/schema.ts";
import { columnFits } from "./column-fit.ts";
import { stagingTable } from "./staging.ts";

/** DuckDB's SQL, with the types that dlt gives columns there (spec destinations A.2). */
export const duckdbDialect: LoadDialect = {
  quote: quoteIdentifier,
  literal: textLiteral,
  columnType,
  alterAddsMany: false,
  // The parser refuses it, whether the table has rows or not.
  alterAddsNotNull: false,
  fits: columnFits,
  staging: (options) => stagingTable(duckdbDialect, options),
  temporary: (name) => `temp.main.${duckdbDialect.quote(name)}`,
  empty: (table) => `DELETE FROM ${table}`,
  rowId: "replace(CAST(uuid() AS VARCHAR), '-', '')",
  // dlt makes no indexes here: they slow loading down by a third (spec destinations A.2).
  finish: () => [],
};

function columnType(column: ColumnSchema): string {
  switch (column.data_type) {
    case "text":
      return "VARCHAR";
    case "double":
      return "DOUBLE";
    case "bool":
      return "BOOLEAN";
    case "date":
      return "DATE";
    case "time":
      return "TIME";
    case "json":
      return "JSON";
    case "binary":
      return "BLOB";
    case "timestamp":
      return timestampType(column);
    case "bigint":
      return integerType(column);
    case "decimal":
      return `DECIMAL(${column.precision ?? 38},${column.scale ?? 9})`;
    case "wei":
      return `DECIMAL(${column.precision ?? 38},${column.scale ?? 0})`;
    default:
      throw new LadingError("COLUMN_WITHOUT_TYPE", `The column "${column.name}" has no type.`);
  }
}

function timestampType(column: ColumnSchema): string {
  if (column.timezone !== false) return "TIMESTAMP WITH TIME ZONE";
  const precision = column.precision ?? 6;
  if (precision === 0) return "TIMESTAMP_S";
  if (precision <= 3) return "TIMESTAMP_MS";
  return precision <= 6 ? "TIMESTAMP" : "TIMESTAMP_NS";
}

function integerType(column: ColumnSchema): string {
  const bits = column.precision ?? 64;
  if (bits <= 8) return "TINYINT";
  if (bits <= 16) return "SMALLINT";
  if (bits <= 32) return "INTEGER";
  if (bits <= 64) return "BIGINT";
  if (bits <= 128) return "HUGEINT";
  throw new LadingError(
    "DISPOSITION_UNSUPPORTED",
    `DuckDB has no integers of ${bits} bits (column "${column.name}").`,
    {
      hint: "Declare the column as decimal or text.",
    },
  );
}

/** The statement that puts the rows of a part into a table, adding what is known only at the load. */
export function insertPart(options: PartCopy): string {
  const { quote, literal } = duckdbDialect;
  const constants = Object.entries(options.constants);
  const inserted = options.columns.filter(({ name }) => !Object.hasOwn(options.constants, name));
  const names = [...inserted.map((column) => quote(column.name)), ...constants.map(([name]) => quote(name))];
  const values = [...inserted.map(valueOf), ...constants.map(([, value]) => literal(value))];
  const types = options.columns.map((column) => `${literal(column.name)}: ${literal(fileType(column))}`);
  // Without new_line a quoted carriage return kills the file; without allow_quoted_nulls "" would be NULL.
  const reader = [
    literal(options.path),
    "auto_detect=false",
    "header=false",
    "delim='\t'",
    `quote='"'`,
    `escape='"'`,
    "nullstr=''",
    "allow_quoted_nulls=false",
    "new_line='\\n'",
    "parallel=false",
    `max_line_size=${Math.max(2_097_152, options.longestRow + 1)}`,
    `columns={${types.join(", ")}}`,
  ];
  return `INSERT INTO ${options.target} (${names.join(", ")}) SELECT ${values.join(", ")} FROM read_csv(${reader.join(", ")})`;
}

/** What the file's text is read as. */
function fileType(column: ColumnSchema): string {
  return column.data_type === "binary" || column.data_type === "json" ? "VARCHAR" : columnType(column);
}

/** Bytes stand in the file as hexadecimal text behind `\x`. */
function valueOf(column: ColumnSchema): string {
  const name = duckdbDialect.quote(column.name);
  return column.data_type === "binary" ? `unhex(substr(${name}, 3))` : name;
}
