import { Buffer } from "node:buffer";
import { ExactFloat, type Exact, type ExactObject } from "../../util/exact.ts";
import { DecimalValue } from "../../schema/values.ts";
import { parseExact, toPlain } from "../../util/json.ts";
import { plainInteger } from "../../util/plain.ts";
import { floatRepr } from "../../util/python.ts";
import type { RowCells } from "../../util/row-cells.ts";
import type { TableColumn } from "./database.ts";

/** A row of a table: a value for each column, `null` for NULL. */
export type TableRow = Readonly<Record<string, unknown>>;

type Columns = readonly Pick<TableColumn, "name" | "dataType" | "timezone">[];

/**
 * Rows as a program sees them: `bigint` for integers beyond 2^53, texts with every digit for decimals, ISO texts for
 * dates and times (moments in UTC), `Uint8Array` for bytes, JSON parsed.
 */
export function plainTableRows(
  cells: readonly RowCells[],
  columns: Columns,
  cursor?: Pick<TableColumn, "name">,
): TableRow[] {
  return cells.map((row) => {
    const values: Record<string, unknown> = {};
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      const text = row[i] ?? null;
      const value = text === null ? null : plainValue(text, column, column.name === cursor?.name);
      if (column.name !== "__proto__") values[column.name] = value;
      else Object.defineProperty(values, column.name, { value, enumerable: true, writable: true, configurable: true });
    }
    return values;
  });
}

/** The same rows with every digit. */
export function exactTableRows(cells: readonly RowCells[], columns: Columns): ExactObject[] {
  return cells.map(
    (row) =>
      new Map(
        columns.map((column, i) => {
          const text = row[i] ?? null;
          return [column.name, text === null ? null : exactValue(text, column)] as const;
        }),
      ),
  );
}

function plainValue(text: string, column: Columns[number], isCursor: boolean): unknown {
  switch (column.dataType) {
    case "bigint":
      return text.length < 16 ? Number(text) : plainInteger(BigInt(text));
    case "double":
      return doubleOf(text);
    case "decimal":
      return isCursor ? numberOf(text) : text;
    case "json":
      return toPlain(jsonValue(text));
    default:
      return exactValue(text, column);
  }
}

/** A decimal by which rows are compared: as a text `9` would come after `10`. With its digits where a double has not all of them. */
function numberOf(text: string): number | ExactFloat {
  const value = Number(text);
  const same = DecimalValue.parse(text)?.equals(DecimalValue.parse(floatRepr(value))!) === true;
  return same ? value : new ExactFloat(value, text);
}

function doubleOf(text: string): number {
  switch (text) {
    case "inf":
      return Number.POSITIVE_INFINITY;
    case "-inf":
      return Number.NEGATIVE_INFINITY;
    // `NaN` and `Infinity` too.
    default:
      return Number(text);
  }
}

function exactValue(text: string, { dataType, timezone }: Columns[number]): Exact {
  switch (dataType) {
    case "bigint":
      return BigInt(text);
    case "double":
      return new ExactFloat(doubleOf(text), text);
    case "bool":
      return text === "true";
    case "binary":
      return Uint8Array.from(Buffer.from(text.slice(2), "hex"));
    case "timestamp":
      return isoTimestamp(text, timezone === true);
    case "json":
      return jsonValue(text);
    case "decimal":
    case "wei":
    case "date":
    case "time":
    case "text":
      return text;
  }
}

/** `2024-01-02 03:04:05+00` as ISO 8601 has it; `infinity` and years before the first stay as they are. */
function isoTimestamp(text: string, isMoment: boolean): string {
  if (text.charCodeAt(10) !== 32) return text;
  const iso = `${text.slice(0, 10)}T${text.slice(11)}`;
  return isMoment && /[+-]\d\d$/.test(iso) ? `${iso}:00` : iso;
}

/** Objects and lists parsed; any other value stays its JSON text, which a JSON column takes for that value. */
function jsonValue(text: string): Exact {
  return /^\s*[{[]/.test(text) ? parseExact(text) : text;
}
