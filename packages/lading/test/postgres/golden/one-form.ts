import type { GoldenCase, Observed } from "../../../src/testing/golden/index.ts";
import { Masker } from "../../../src/testing/golden/mask.ts";
import { documentIds } from "../../../src/testing/golden/run-case.ts";
import { stringify } from "../../../src/util/json-text.ts";
import { parseExact } from "../../../src/util/json.ts";

type Cell = string | null;

/** Brings results to one spelling of numbers and documents, and to ids that are counted in that spelling's order. */
export function oneForm(golden: GoldenCase, steps: readonly Observed[]): readonly Observed[] {
  const masker = new Masker(documentIds(golden), golden.hashedIds);
  return steps.map((step) => {
    const tables = Object.entries(step.tables).map(([name, table]) => {
      const types = table.columns.map(([, type]) => type);
      const rows = table.rows?.map((row) => row.map((cell, at) => oneSpelling(cell, types[at]!)));
      return [name, { ...table, ...(rows && { rows }) }];
    });
    return masker.mask({ ...step, tables: Object.fromEntries(tables) as Observed["tables"] });
  });
}

/** Of a column with this type of PostgreSQL. */
function oneSpelling(cell: Cell, type: string): Cell {
  if (cell === null) return null;
  // DuckDB writes 1.0 and inf, PostgreSQL 1 and Infinity.
  if (type === "double precision") return String(Number(cell.replace(/inf$/, "Infinity")));
  // jsonb sorts keys, and has blanks.
  return type === "jsonb" ? stringify(parseExact(cell), { sortKeys: true }) : cell;
}
