import type { PartProgress } from "../../load-package/journal.ts";

/** What a package holds for one table. */
export interface TableSize {
  readonly name: string;
  readonly rows: number;
  /** Bytes in its row files. */
  readonly bytes: number;
  /** How many row files. */
  readonly files: number;
}

/** The sizes of tables from their row files, in the order in which the tables came. Pure. */
export function tableSizes(parts: Iterable<Pick<PartProgress, "table" | "rows" | "bytes">>): readonly TableSize[] {
  const tables = new Map<string, TableSize>();
  for (const { table: name, rows, bytes } of parts) {
    const known = tables.get(name) ?? { name, rows: 0, bytes: 0, files: 0 };
    tables.set(name, { name, rows: known.rows + rows, bytes: known.bytes + bytes, files: known.files + 1 });
  }
  return [...tables.values()];
}
