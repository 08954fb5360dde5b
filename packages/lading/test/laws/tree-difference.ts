import { ExactFloat, type Exact } from "../../src/util/exact.ts";
import type { Cell } from "./stored-trees.ts";
import type { Tree } from "./tree.ts";

/** Where a stored tree is not what it should be; nothing: it is. */
export function treeDifference(expected: Tree, stored: Tree<Cell>, path = ""): string | undefined {
  const columns = new Set([...expected.cells.keys(), ...stored.cells.keys()]);
  for (const column of columns) {
    const [value, cell] = [expected.cells.get(column), stored.cells.get(column)];
    if (value !== undefined && cell !== undefined && means(value, cell)) continue;
    return `${path}${column}: ${shown(value)} is ${cell === undefined ? "not there" : `${cell.text} (${cell.type})`}`;
  }
  for (const name of new Set([...expected.lists.keys(), ...stored.lists.keys()])) {
    const [wanted, rows] = [expected.lists.get(name) ?? [], stored.lists.get(name) ?? []];
    if (wanted.length !== rows.length) return `${path}${name}: ${rows.length} rows instead of ${wanted.length}`;
    for (const [index, tree] of wanted.entries()) {
      const difference = treeDifference(tree, rows[index]!, `${path}${name}[${index}].`);
      if (difference !== undefined) return difference;
    }
  }
  return undefined;
}

function shown(value: Exact | undefined): string {
  if (value === undefined) return "nothing";
  return value instanceof ExactFloat ? value.text : typeof value === "bigint" ? String(value) : JSON.stringify(value);
}

/** Whether a cell has the value of a document, in the type of its column (spec dlt-core 3.5). */
function means(value: Exact, { type, text }: Cell): boolean {
  if (type.startsWith("TIMESTAMP")) return Math.abs((instantOf(value) ?? Infinity) - Number(text)) <= 1;
  if (type === "BOOLEAN") return String(truthOf(value)) === text;
  if (type === "DOUBLE") return numberOf(value) === Number(text);
  if (type === "BIGINT" || type.startsWith("DECIMAL")) return integerOf(value) === integerOf(text.replace(/\.0*$/, ""));
  if (value instanceof ExactFloat) return value.value === Number(text);
  if (typeof value === "boolean") return text === (value ? "True" : "False");
  return (typeof value === "string" || typeof value === "bigint") && String(value) === text;
}

function truthOf(value: Exact): boolean | undefined {
  if (typeof value !== "string") return typeof value === "boolean" ? value : numberOf(value) !== 0;
  if (/^(?:yes|true|t|y|1)$/i.test(value)) return true;
  return /^(?:no|false|f|n|0)$/i.test(value) ? false : undefined;
}

function numberOf(value: Exact): number | undefined {
  if (value instanceof ExactFloat) return value.value;
  if (typeof value === "boolean" || value === "" || value === null) return undefined;
  return Number(value);
}

function integerOf(value: Exact): bigint | undefined {
  if (value instanceof ExactFloat) return Number.isInteger(value.value) ? BigInt(value.value) : undefined;
  if (typeof value === "bigint") return value;
  return typeof value === "string" && /^\s*[-+]?\d+\s*$/.test(value) ? BigInt(value) : undefined;
}

/** Microseconds since 1970. A time without a zone is one of UTC. */
function instantOf(value: Exact): number | undefined {
  if (typeof value !== "string") {
    const seconds = numberOf(value);
    return seconds === undefined ? undefined : seconds * 1e6;
  }
  const [, day, time, fraction = "", zone = "Z"] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[-+]\d\d:\d\d)?)?$/.exec(value) ?? [];
  if (day === undefined) return value.trim() === "" ? undefined : Number(value) * 1e6;
  return Date.parse(`${day}T${time ?? "00:00:00"}${zone}`) * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}
