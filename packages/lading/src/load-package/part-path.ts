import { createHash } from "node:crypto";

/**
 * The path of a row file below its package: `rows/orders/orders__items.3.tsv`. Names that a file system would not take
 * are made safe, and told apart by a hash.
 */
export function partPath(resource: string, table: string, number: number): string {
  return `rows/${safeName(resource)}/${safeName(table)}.${number}.tsv`;
}

/** A name as the name of a file or folder. */
export function safeName(name: string): string {
  if (/^[a-z0-9_][a-z0-9_-]{0,99}$/.test(name)) return name;
  const readable = name.replaceAll(/[^a-zA-Z0-9_-]/g, "_").slice(0, 60);
  return `${readable}-${createHash("sha256").update(name).digest("hex").slice(0, 12)}`;
}
