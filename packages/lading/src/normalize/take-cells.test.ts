import { describe, expect, test } from "vitest";
import { RowFile } from "../load-package/row-file.ts";
import type { CellRows, CellRowsColumn } from "../resource/cell-rows.ts";
import { createNaming } from "../schema/naming/index.ts";
import { newSchema } from "../schema/new-schema.ts";
import type { ColumnSchema, TableSchema } from "../schema/schema.ts";
import { parseRows } from "../util/row-cells.ts";
import { cachedNames } from "./names.ts";
import { Normalizer, type NormalizerPage } from "./normalizer.ts";

const columns: readonly CellRowsColumn[] = [
  { name: "id", dataType: "bigint", nullable: false },
  { name: "Total", dataType: "decimal", precision: 10, scale: 2, nullable: true },
];
const stored: readonly ColumnSchema[] = [
  { name: "id", data_type: "bigint", nullable: false },
  { name: "total", data_type: "decimal", precision: 10, scale: 2, nullable: true },
];

/** Rows of a page: their cells with room for an id before each. */
function cellsOf(...rows: readonly string[]): CellRows {
  const texts = rows.map((row) => `${"A".repeat(14)}\t${row}\n`);
  let at = 0;
  return {
    columns,
    bytes: Buffer.from(texts.join("")),
    starts: texts.map((text) => (at += text.length) - text.length),
  };
}

/** A page whose rows nobody may look at. */
function unseen(...rows: readonly string[]): NormalizerPage {
  return {
    get rows(): never {
      throw new Error("the rows were looked at");
    },
    cells: cellsOf(...rows),
  };
}

function normalizerOf(table: Partial<TableSchema> = {}, known: readonly ColumnSchema[] = stored) {
  const schema = newSchema("s");
  schema.tables.set("t", {
    name: "t",
    write_disposition: "append",
    resource: "t",
    ...table,
    columns: new Map(known.map((column) => [column.name, { ...column }])),
  });
  const file = new RowFile("t", "t");
  const normalizer = new Normalizer({
    schema,
    names: cachedNames(createNaming("snake_case"), schema.normalizers),
    file: () => file,
    rootTable: "t",
    onChange: () => {},
  });
  const rows = (): readonly (readonly (string | null)[])[] => {
    const { bytes, length } = file.buffer;
    return parseRows(Buffer.from(bytes.subarray(0, length)).toString(), file.columns.length)!;
  };
  return { normalizer, schema, file, rows };
}

describe("rows that come as bytes", () => {
  test("are taken as they are, with an id each, and the table has the columns that it would have", () => {
    const { normalizer, schema, file, rows } = normalizerOf();
    normalizer.normalize(unseen("1\t2.50", "2\t"));
    normalizer.normalize(unseen('3\t"1"'));
    expect(file.columns).toEqual(["_dlt_id", "id", "total"]);
    expect(rows().map(([, ...cells]) => cells)).toEqual([
      ["1", "2.50"],
      ["2", null],
      ["3", "1"],
    ]);
    const ids = rows().map(([id]) => id);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9+/]{14}$/);
    expect([...schema.tables.get("t")!.columns.keys()]).toEqual(["id", "total", "_dlt_load_id", "_dlt_id"]);
    expect(file.buffer).toMatchObject({ rows: 3, longestRow: 14 + "\t1\t2.50\n".length });
  });

  test("stand beside rows that were looked at, whichever came first, and columns that came later are NULL in them", () => {
    const { normalizer, file, rows } = normalizerOf();
    normalizer.normalize(unseen("1\t2.50"));
    normalizer.normalize({ rows: [{ id: 2, Total: "NaN" }, { id: 3 }] });
    normalizer.normalize(unseen('4\t"a\nb"', "5\t1"));
    expect(file.columns).toEqual(["_dlt_id", "id", "total", "total__v_text"]);
    expect(rows().map(([, ...cells]) => cells)).toEqual([
      ["1", "2.50", null],
      ["2", null, "NaN"],
      ["3", null, null],
      ["4", "a\nb", null],
      ["5", "1", null],
    ]);
    const other = normalizerOf();
    other.normalizer.normalize({ rows: [{ Total: "1", id: 1 }] });
    // That file has its columns in another order.
    other.normalizer.normalize({ rows: [{ id: 2, Total: null }], cells: cellsOf("2\t") });
    expect(other.rows().map((row) => row[other.file.columns.indexOf("id")])).toEqual(["1", "2"]);
  });

  test.each<readonly [string, Partial<TableSchema>, readonly ColumnSchema[]]>([
    ["a column has another type", {}, [stored[0]!, { ...stored[1]!, data_type: "text" }]],
    ["a column has fewer digits", {}, [stored[0]!, { ...stored[1]!, scale: 1 }]],
    ["a column is not known", {}, [stored[0]!]],
    ["a column must have a value, and may have none", {}, [stored[0]!, { ...stored[1]!, nullable: false }]],
    [
      "a column must have a value that is not there",
      {},
      [...stored, { name: "x", data_type: "text", nullable: false }],
    ],
    ["ids are made of keys", { write_disposition: "merge", "x-merge-strategy": "upsert" }, stored],
  ])("are looked at where %s", (_, table, known) => {
    const { normalizer } = normalizerOf(table, known);
    expect(() => normalizer.normalize(unseen("1\t2.50"))).toThrow("the rows were looked at");
  });
});
