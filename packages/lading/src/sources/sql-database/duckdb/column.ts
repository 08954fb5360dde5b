import { quoteIdentifier } from "../../../engines/duckdb/sql.ts";
import type { TableColumn } from "../database.ts";

type Typed = Omit<TableColumn, "name" | "type" | "nullable" | "cell"> & { readonly cell?: string };

const integers: Readonly<Record<string, number>> = {
  TINYINT: 8,
  SMALLINT: 16,
  INTEGER: 32,
  BIGINT: 64,
  UTINYINT: 16,
  USMALLINT: 32,
  UINTEGER: 64,
};

/** A column with what the source must know of its type. */
export function duckdbColumn(name: string, type: string, nullable: boolean): TableColumn {
  const column = quoteIdentifier(name);
  return { name, type, nullable, cell: `CAST(${column} AS VARCHAR)`, ...typed(type, column) };
}

function typed(type: string, column: string): Typed {
  const bits = integers[type];
  if (bits !== undefined) return { dataType: "bigint", bits, isKey: true };
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (precision !== undefined)
    return { dataType: "decimal", precision: Number(precision), scale: Number(scale), isKey: true };
  if (/[\])]$/.test(type) && !type.startsWith("ENUM("))
    return { dataType: "json", cell: `CAST(to_json(${column}) AS VARCHAR)`, isKey: false };
  switch (type) {
    case "UBIGINT":
      return { dataType: "decimal", precision: 20, scale: 0, isKey: true };
    case "HUGEINT":
    case "UHUGEINT":
      // One digit less than the greatest of them.
      return { dataType: "decimal", precision: 38, scale: 0, fits: `abs(${column}) < 1e38`, isKey: true };
    case "FLOAT":
    case "DOUBLE":
      return { dataType: "double", fits: `isfinite(${column})`, isKey: false };
    case "BOOLEAN":
      return { dataType: "bool", isKey: true };
    case "DATE":
      return { dataType: "date", fits: years(column), isKey: true };
    case "TIMESTAMP":
    case "TIMESTAMP_S":
    case "TIMESTAMP_MS":
      return { dataType: "timestamp", timezone: false, fits: years(column), isKey: true };
    case "TIMESTAMP_NS":
      return { dataType: "timestamp", timezone: false, fits: "FALSE", isKey: true };
    case "TIMESTAMP WITH TIME ZONE":
      return { dataType: "timestamp", timezone: true, fits: years(column), isKey: true };
    case "TIME":
      return { dataType: "time", fits: `${column} < TIME '24:00:00'`, isKey: true };
    case "TIME WITH TIME ZONE":
      return { dataType: "time", fits: "FALSE", isKey: false };
    case "BLOB":
      return { dataType: "binary", cell: `'\\x' || lower(hex(${column}))`, isKey: false };
    case "JSON":
      return {
        dataType: "json",
        cell: `CASE WHEN json_type(${column}) <> 'NULL' THEN CAST(${column} AS VARCHAR) END`,
        isKey: false,
      };
    case "VARCHAR":
      return { dataType: "text", fits: `NOT contains(${column}, chr(0))`, isKey: true };
    default:
      return { dataType: "text", isKey: type === "UUID" };
  }
}

function years(column: string): string {
  return `${column} >= DATE '0001-01-01' AND ${column} < DATE '10000-01-01'`;
}
