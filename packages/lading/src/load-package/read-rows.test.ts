import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Part } from "./manifest.ts";
import { parseRows, type RowCells } from "../util/row-cells.ts";
import { readRows } from "./read-rows.ts";
import { RowBuffer } from "./row-buffer.ts";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "lading-rows-"))));
afterAll(() => rm(folder, { recursive: true }));

/** Writes rows to a file as a package has them. */
async function written(rows: readonly RowCells[], columns: number): Promise<Part> {
  const buffer = new RowBuffer();
  for (const row of rows) {
    for (const cell of row) {
      if (cell === null) buffer.null();
      else buffer.text(cell);
    }
    buffer.endRow();
  }
  await writeFile(join(folder, "t.tsv"), buffer.bytes.subarray(0, buffer.length));
  return {
    resource: "t",
    table: "t",
    path: "t.tsv",
    columns: Array.from({ length: columns }, (_, index) => `c${index}`),
    bytes: buffer.length,
    rows: rows.length,
    longestRow: buffer.longestRow,
  };
}

async function read(part: Part, chunkBytes?: number): Promise<RowCells[]> {
  const all: RowCells[] = [];
  for await (const rows of readRows(folder, part, chunkBytes === undefined ? {} : { chunkBytes })) all.push(...rows);
  return all;
}

const cell = fc.oneof(
  fc.constant(null),
  fc.string({ unit: fc.constantFrom('"', "\t", "\n", "\r", "a", "é", "€", "😀", ",", "\ufeff", " ") }),
  fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\0", "")),
);
const tables = fc
  .integer({ min: 1, max: 4 })
  .chain((columns) =>
    fc.tuple(fc.constant(columns), fc.array(fc.array(cell, { minLength: columns, maxLength: columns }))),
  );

describe("rows that are read back", () => {
  test("are those that were written, in pieces of any size", async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.integer({ min: 1, max: 64 }), async ([columns, rows], chunk) => {
        expect(await read(await written(rows, columns), chunk)).toEqual(rows);
      }),
      { numRuns: 200 },
    );
  });

  test("have an empty cell for a column that came later", async () => {
    const buffer = new RowBuffer();
    buffer.text('a "quoted"\ttext\n');
    buffer.endRow();
    buffer.pad(1);
    expect(parseRows(Buffer.from(buffer.bytes.subarray(0, buffer.length)).toString(), 2)).toEqual([
      ['a "quoted"\ttext\n', null],
    ]);
  });

  test("may be longer than a piece", async () => {
    const long = 'x"\n'.repeat(100_000);
    expect(await read(await written([["1"], [long], ["2"]], 1), 1000)).toEqual([["1"], [long], ["2"]]);
  });

  test("end where the package was sealed, whatever stands behind", async () => {
    const part = await written([["1"], ["2"], ["3"]], 1);
    expect(await read({ ...part, bytes: 4, rows: 2 })).toEqual([["1"], ["2"]]);
    expect(await read({ ...part, bytes: 0, rows: 0 })).toEqual([]);
  });

  test("come piece by piece, so that memory is flat", async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => [String(index), "some text"]);
    const part = await written(rows, 2);
    const sizes: number[] = [];
    for await (const some of readRows(folder, part, { chunkBytes: 4096 })) sizes.push(some.length);
    expect(Math.max(...sizes)).toBeLessThan(500);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(20_000);
  });
});

describe("a file that is damaged", () => {
  test.each<readonly [string, string, Partial<Part>]>([
    ["has too few rows", "1\n2\n", { rows: 3 }],
    ["has too many rows", "1\n2\n", { rows: 1 }],
    ["ends within a row", "1\n2", { rows: 2 }],
    ["ends within quotes", '1\n"2\n', { rows: 2 }],
    ["has too many cells", "1\t2\n", { rows: 1 }],
    ["has a quote in a cell", '1\n2"3"\n', { rows: 2 }],
    ["has something behind a quoted cell", '"1"2\n', { rows: 1 }],
    ["is not there", "", { rows: 1, bytes: 2, path: "missing.tsv" }],
  ])("that %s is PACKAGE_CORRUPT", async (_, text, changes) => {
    await writeFile(join(folder, "t.tsv"), text);
    const part: Part = {
      resource: "t",
      table: "t",
      path: "t.tsv",
      columns: ["c"],
      bytes: text.length,
      rows: 0,
      longestRow: 0,
      ...changes,
    };
    await expect(read(part)).rejects.toMatchObject({ code: "PACKAGE_CORRUPT", details: { path: part.path } });
  });
});
