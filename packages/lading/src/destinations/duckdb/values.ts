import type { DuckDBType, DuckDBValue } from "@duckdb/node-api";
import { floorDivide } from "../../util/floor-divide.ts";
import { parsePlain } from "../../util/json.ts";

/** Type ids of DuckDB (its C API), as far as their values are not plain JavaScript already. */
const microsecondsPerUnit: ReadonlyMap<number, { readonly divisor: bigint; readonly factor: bigint }> = new Map([
  [12, { divisor: 1000n, factor: 1n }],
  [20, { divisor: 1n, factor: 1000n }],
  [21, { divisor: 1n, factor: 1n }],
  [22, { divisor: 1_000_000n, factor: 1n }],
  [31, { divisor: 1000n, factor: 1n }],
]);

/** A cell as `SqlReader` promises it: see there. */
export function cellFromDuckDb(value: DuckDBValue, type: DuckDBType): unknown {
  if (value === null || typeof value !== "object") {
    return typeof value === "string" && type.alias === "JSON" ? parsePlain(value) : value;
  }
  const unit = microsecondsPerUnit.get(type.typeId);
  if (unit !== undefined) {
    const raw = Object.values(value).find((one) => typeof one === "bigint");
    if (typeof raw === "bigint") return new Date(Number(floorDivide(raw * unit.factor, unit.divisor)));
  }
  if ("bytes" in value) return Uint8Array.from(value.bytes);
  // Decimals, dates, times, intervals, ids, lists: as DuckDB prints them.
  return String(value);
}

/** What of the driver is needed to bind parameters. */
export type ParameterTypes = Pick<typeof import("@duckdb/node-api"), "DuckDBTimestampTZValue" | "DuckDBBlobValue">;

/** A parameter as the driver takes it. */
export function parameterForDuckDb(value: unknown, types: ParameterTypes): DuckDBValue {
  if (value instanceof Date) return new types.DuckDBTimestampTZValue(BigInt(value.getTime()) * 1000n);
  if (value instanceof Uint8Array) return new types.DuckDBBlobValue(value);
  return value as DuckDBValue;
}
