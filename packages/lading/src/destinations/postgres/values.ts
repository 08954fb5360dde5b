import { Buffer } from "node:buffer";
import { parseTimestampLoose } from "../../schema/temporal.ts";
import { floorDivide } from "../../util/floor-divide.ts";
import { parsePlain } from "../../util/json.ts";

/** Type ids of PostgreSQL (`pg_type.oid`), as far as their text is not the cell. */
const integers = new Set([20, 21, 23]);
const floats = new Set([700, 701]);
const timestamps = new Set([1114, 1184]);
const json = new Set([114, 3802]);
const bytea = 17;

/** A cell as `SqlReader` promises it: see there. */
export function cellFromPostgres(value: unknown, type: number): unknown {
  if (typeof value !== "string") return value;
  if (integers.has(type)) return BigInt(value);
  if (floats.has(type)) return floatOf(value);
  if (timestamps.has(type)) return instantOf(value);
  if (json.has(type)) return parsePlain(value);
  if (type === bytea) return Uint8Array.from(Buffer.from(value.slice(2), "hex"));
  return value;
}

function floatOf(text: string): number {
  if (text === "Infinity") return Number.POSITIVE_INFINITY;
  return text === "-Infinity" ? Number.NEGATIVE_INFINITY : Number(text);
}

/** A moment; what JavaScript has no date for (`infinity`, years before 1) stays text. */
function instantOf(text: string): Date | string {
  const timestamp = parseTimestampLoose(text);
  return timestamp === undefined ? text : new Date(Number(floorDivide(timestamp.instant, 1000n)));
}

/** A parameter as the driver takes it. */
export function parameterForPostgres(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value);
  return typeof value === "bigint" ? value.toString() : value;
}
