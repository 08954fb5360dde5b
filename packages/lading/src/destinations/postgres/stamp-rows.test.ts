import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RowBuffer } from "../../load-package/row-buffer.ts";
import { stampRows } from "./stamp-rows.ts";

async function stamped(bytes: Uint8Array, sizes: readonly number[], cells: readonly string[]): Promise<string> {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let i = 0; from < bytes.length; i++) {
    const size = sizes.length === 0 ? bytes.length : sizes[i % sizes.length]!;
    pieces.push(Buffer.from(bytes.subarray(from, from + size)));
    from += size;
  }
  return (await buffer(Readable.from(pieces).pipe(stampRows(cells)))).toString("utf8");
}

function fileOf(rows: readonly (readonly (string | null)[])[], stamp: readonly string[]): Uint8Array {
  const file = new RowBuffer();
  for (const row of rows) {
    for (const cell of row) {
      if (cell === null) file.null();
      else file.text(cell);
    }
    for (const cell of stamp) file.ascii(cell);
    file.endRow();
  }
  return Buffer.from(file.bytes.subarray(0, file.length));
}

test("each row gets the cells, whatever is quoted in it and wherever the stream is cut", async () => {
  const cell = fc.option(
    fc.string({ unit: fc.constantFrom("a", '"', "\n", "\t", "\r", "é", "😀", "\\"), maxLength: 8 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
      async (rows, sizes) => {
        const cells = ["1700000000.123456", "x"];
        expect(await stamped(fileOf(rows, []), sizes, cells)).toBe(Buffer.from(fileOf(rows, cells)).toString("utf8"));
      },
    ),
  );
});

test("rows much shorter than what they get", async () => {
  const rows = Array.from({ length: 5000 }, () => ["1"]);
  const cells = ["a".repeat(200)];
  expect(await stamped(fileOf(rows, []), [], cells)).toBe(Buffer.from(fileOf(rows, cells)).toString("utf8"));
});
