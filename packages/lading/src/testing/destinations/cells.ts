import { Buffer } from "node:buffer";

/** A cell of a result so that it can be written down in a case, and compared. */
export function plainCell(cell: unknown): unknown {
  if (typeof cell === "bigint") return Number.isSafeInteger(Number(cell)) ? Number(cell) : cell;
  if (cell instanceof Date) return cell.toISOString();
  if (cell instanceof Uint8Array) return `\\x${Buffer.from(cell).toString("hex")}`;
  if (Array.isArray(cell)) return cell.map(plainCell);
  if (typeof cell !== "object" || cell === null) return cell;
  return Object.fromEntries(Object.entries(cell).map(([key, value]) => [key, plainCell(value)]));
}

/** A decimal without zeros that say nothing: destinations have different scales. */
export function plainDecimal(cell: unknown): unknown {
  if (typeof cell !== "string" || !cell.includes(".")) return cell;
  return cell.replace(/\.?0+$/, "");
}

/** The order of rows by what is in them. */
export function compareCells(one: readonly unknown[], other: readonly unknown[]): number {
  for (const [index, cell] of one.entries()) {
    const right = other[index];
    if (isNumber(cell) && isNumber(right)) {
      if (cell === right) continue;
      return cell < right ? -1 : 1;
    }
    const [a, b] = [textOf(cell), textOf(right)];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

function isNumber(cell: unknown): cell is number | bigint {
  return typeof cell === "bigint" || (typeof cell === "number" && !Number.isNaN(cell));
}

function textOf(cell: unknown): string {
  return JSON.stringify(cell, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value)) ?? "";
}
