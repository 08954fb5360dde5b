/**
 * Whether a column of the database takes every value of the type that the schema wants there as it is. DuckDB casts
 * what it is given: 1.5 into a column that was made an integer by hand would silently become 2.
 *
 * @param wanted the type of the schema, as DDL spells it
 * @param found the type in the catalog
 */
export function columnFits(wanted: string, found: string): boolean {
  if (wanted === found) return true;
  // Text takes the text of anything; the text of bytes is an escaped one.
  if (found === "VARCHAR" || found === "JSON")
    return wanted !== "BLOB" && (found === "VARCHAR" || wanted === "VARCHAR");
  const bits = integers.indexOf(wanted);
  const digits = decimalDigits(found);
  if (bits >= 0) {
    if (digits !== undefined) return digits.whole >= integerDigits[bits]!;
    return integers.indexOf(found) >= bits;
  }
  const wantedDigits = decimalDigits(wanted);
  if (wantedDigits !== undefined && digits !== undefined) {
    return digits.scale >= wantedDigits.scale && digits.whole >= wantedDigits.whole;
  }
  const instant = instants.indexOf(wanted);
  return instant >= 0 && instants.indexOf(found) >= instant;
}

const integers = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"];
const integerDigits = [3, 5, 10, 19, 39];
/** From coarse to fine. Nanoseconds do not reach the years 1 and 9999, microseconds do. */
const instants = ["TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP"];

function decimalDigits(type: string): { readonly whole: number; readonly scale: number } | undefined {
  const match = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (match === null) return undefined;
  const scale = Number(match[2]);
  return { whole: Number(match[1]) - scale, scale };
}
