import { createHash } from "node:crypto";

/** What a row file is for: rows to load, or what a contract left out, as lines of JSON for people. */
export type RowFileKind = "rows" | "discarded";

/**
 * The path of a row file below its package: `rows/orders/orders__items.3.tsv`, `discarded/orders/orders.4.jsonl`. Names
 * that a file system would not take are made safe, and told apart by a hash.
 */
export function partPath(resource: string, table: string, number: number, kind: RowFileKind = "rows"): string {
  return `${kind}/${safeName(resource)}/${safeName(table)}.${number}.${kind === "rows" ? "tsv" : "jsonl"}`;
}

/** The number in the path of a row file; 0 where there is none. */
export function partNumber(path: string): number {
  return Number(/\.(\d+)\.(?:tsv|jsonl)$/.exec(path)?.[1] ?? 0);
}

/** Whether a row file is to be loaded. */
export function isLoaded(path: string): boolean {
  return path.startsWith("rows/");
}

/** A name as the name of a file or folder. */
export function safeName(name: string): string {
  if (/^[a-z0-9_][a-z0-9_-]{0,99}$/.test(name)) return name;
  const readable = name.replaceAll(/[^a-zA-Z0-9_-]/g, "_").slice(0, 60);
  return `${readable}-${createHash("sha256").update(name).digest("hex").slice(0, 12)}`;
}
