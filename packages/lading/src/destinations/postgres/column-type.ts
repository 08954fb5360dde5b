import { LadingError } from "../../errors/index.ts";
import type { ColumnSchema } from "../../schema/schema.ts";

/** Digits that PostgreSQL keeps of a fraction of a second. */
const finest = 6;

/** The type of a column, spelled as the catalog spells it (`format_type`; spec destinations A.3). */
export function columnType(column: ColumnSchema): string {
  const { precision } = column;
  switch (column.data_type) {
    case "text":
      return precision === undefined ? "character varying" : `character varying(${precision})`;
    case "double":
      return "double precision";
    case "bool":
      return "boolean";
    case "date":
      return "date";
    case "time":
      return `time${fraction(column)} without time zone`;
    case "timestamp":
      return `timestamp${fraction(column)} ${column.timezone === false ? "without" : "with"} time zone`;
    case "json":
      return "jsonb";
    case "binary":
      return "bytea";
    case "bigint":
      return integerType(column);
    case "decimal":
      return `numeric(${precision ?? 38},${column.scale ?? 9})`;
    case "wei":
      return `numeric(${precision ?? 156},${column.scale ?? 78})`;
    default:
      throw new LadingError("COLUMN_WITHOUT_TYPE", `The column "${column.name}" has no type.`);
  }
}

function fraction({ name, precision }: ColumnSchema): string {
  if (precision === undefined) return "";
  if (precision <= finest) return `(${precision})`;
  throw new LadingError(
    "DISPOSITION_UNSUPPORTED",
    `PostgreSQL has no timestamps of ${precision} digits (column "${name}").`,
    { hint: `Declare a precision of at most ${finest}.` },
  );
}

function integerType({ name, precision = 64 }: ColumnSchema): string {
  if (precision <= 16) return "smallint";
  if (precision <= 32) return "integer";
  if (precision <= 64) return "bigint";
  throw new LadingError(
    "DISPOSITION_UNSUPPORTED",
    `PostgreSQL has no integers of ${precision} bits (column "${name}").`,
    { hint: "Declare the column as decimal or text." },
  );
}
