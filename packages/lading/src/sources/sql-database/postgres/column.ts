import { quoteIdentifier } from "../../../engines/postgres/sql.ts";
import type { TableColumn } from "../database.ts";

/** A column as the catalog has it; of a domain the type below it. */
export interface CatalogColumn {
  readonly name: string;
  /** As people write it. */
  readonly type: string;
  /** `pg_type.typname`, where the type is one of PostgreSQL's own. */
  readonly base: string | undefined;
  /** `atttypmod`: precision and the like. -1: none. */
  readonly modifier: number;
  readonly isArray: boolean;
  readonly nullable: boolean;
}

type Typed = Omit<TableColumn, "name" | "type" | "nullable" | "cell"> & { readonly cell?: string };

const text: Typed = { dataType: "text", isKey: false };

/** A column with what the source must know of its type (spec dlt-rest 7.1, type map). */
export function postgresColumn(found: CatalogColumn): TableColumn {
  const { name, type, nullable } = found;
  const column = quoteIdentifier(name);
  return { name, type, nullable, cell: column, ...typed(found, column) };
}

function typed({ base, modifier, isArray }: CatalogColumn, column: string): Typed {
  if (isArray) return { dataType: "json", cell: `to_json(${column})`, isKey: false };
  switch (base) {
    case "int2":
      return { dataType: "bigint", length: 32, bits: 16, isKey: true };
    case "int4":
      return { dataType: "bigint", bits: 32, isKey: true };
    case "int8":
    case "oid":
      return { dataType: "bigint", isKey: true };
    case "numeric":
      return decimal(modifier, column);
    case "float4":
    case "float8":
      // Zero has no sign in a row file. NaN and the infinities have other names there.
      return {
        dataType: "double",
        cell: `${column} + 0::${base}`,
        fits: `${column} - ${column} = 0`,
        isKey: false,
      };
    case "bool":
      return { dataType: "bool", cell: `${column}::text`, isKey: true };
    case "timestamp":
    case "timestamptz":
      return { dataType: "timestamp", timezone: base === "timestamptz", fits: years(column), isKey: true };
    case "date":
      return { dataType: "date", fits: years(column), isKey: true };
    case "time":
      return { dataType: "time", fits: `${column} < '24:00'`, isKey: true };
    case "timetz":
      return { dataType: "time", cell: `(${column} AT TIME ZONE 'UTC')::time`, isKey: false };
    case "json":
      return { dataType: "json", cell: `CASE WHEN json_typeof(${column}) <> 'null' THEN ${column} END`, isKey: false };
    case "jsonb":
      return { dataType: "json", cell: `CASE WHEN jsonb_typeof(${column}) <> 'null' THEN ${column} END`, isKey: false };
    case "bytea":
      return { dataType: "binary", isKey: true };
    case "varchar":
    case "bpchar":
      return { ...text, isKey: true, ...(modifier > 4 && { length: modifier - 4 }) };
    case "text":
    case "uuid":
    case "name":
      return { ...text, isKey: true };
    default:
      return text;
  }
}

/** Digits that a decimal without a precision has before the point, in the columns that it gets. */
const wholeDigits = 29;

function decimal(modifier: number, column: string): Typed {
  if (modifier < 4) return { dataType: "decimal", fits: `abs(${column}) < 1e${wholeDigits} - 1`, isKey: true };
  const precision = ((modifier - 4) >> 16) & 0xffff;
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
  // Since version 15 a scale can be negative, or greater than the precision.
  return {
    dataType: "decimal",
    precision: Math.max(precision, scale, precision - scale),
    scale: Math.max(0, scale),
    fits: `${column} <> 'NaN'`,
    isKey: true,
  };
}

function years(column: string): string {
  return `${column} >= '0001-01-01' AND ${column} < '10000-01-01'`;
}
