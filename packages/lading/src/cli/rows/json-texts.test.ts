import { Buffer } from "node:buffer";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type JsonLayout, type JsonPosition, jsonTexts, type JsonTextsOptions } from "./json-texts.ts";

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(
  text: string | Uint8Array,
  size = 7,
  options: Partial<JsonTextsOptions> = {},
): Promise<{ readonly values: unknown[]; readonly positions: readonly JsonPosition[] }> {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  const values: unknown[] = [];
  const positions: JsonPosition[] = [];
  for await (const cut of jsonTexts(chunked(bytes, size), { name: "file", ...options })) {
    values.push(...cut.texts.map((each): unknown => JSON.parse(each)));
    positions.push(cut.position);
  }
  return { values, positions };
}

const write: Record<JsonLayout, (values: readonly unknown[], space: string) => string> = {
  lines: (values) => values.map((value) => `${JSON.stringify(value)}\n`).join("\n"),
  values: (values, space) => values.map((value) => JSON.stringify(value, undefined, 2)).join(space || " "),
  array: (values, space) =>
    `${space}[${space}${values.map((value) => JSON.stringify(value)).join(`${space},${space}`)}${space}]${space}`,
};

describe("the values of a file", () => {
  const layouts = ["lines", "values", "array"] as const;
  const space = fc.stringMatching(/^[ \n\t\r]{0,3}$/);
  const rows = fc.array(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()));

  test.each(layouts)("are the same however it is cut into chunks: %s (law)", async (layout) => {
    await fc.assert(
      fc.asyncProperty(rows, space, fc.integer({ min: 1, max: 64 }), fc.boolean(), async (values, gap, size, mark) => {
        const text = (mark ? "\u{feff}" : "") + write[layout](values, gap);
        const { values: found } = await read(text, size, { lines: layout === "lines" });
        expect(found).toEqual(JSON.parse(JSON.stringify(values)));
      }),
    );
  });

  test.each(layouts)("are all there and none twice when it goes on at any position: %s (law)", async (layout) => {
    await fc.assert(
      fc.asyncProperty(rows, space, fc.integer({ min: 1, max: 64 }), async (values, gap, size) => {
        const bytes = Buffer.from(write[layout](values, gap));
        const whole = await read(bytes, size, { lines: layout === "lines" });
        for (const position of whole.positions) {
          const { values: more } = await read(bytes.subarray(position.offset), size, { position });
          expect(more).toEqual(whole.values.slice(position.count));
        }
      }),
    );
  });

  test("of an empty file are none", async () => {
    expect((await read("")).values).toEqual([]);
    expect((await read(" \n ")).values).toEqual([]);
    expect((await read("[]")).values).toEqual([]);
  });

  test.each([
    ['[{"a":1} {"b":2}]', "value 2 does not come after a comma"],
    ['[{"a":1},]', "value 2 is missing"],
    ["[,1]", "value 1 is missing"],
    ['[{"a":1}', "value 2 is cut off"],
    ['[{"a":1},', "value 2 is cut off"],
    ['[{"a":"x', "value 1 is cut off"],
    ['[{"a":1}] 5', "value 2 comes after the end of the array"],
    ['{"a":1},{"a":2}', "value 2 is missing"],
  ])("must be written right: %s", async (text, message) => {
    for (const size of [1, 3, 100]) await expect(read(text, size)).rejects.toThrow(message);
  });

  test("must be UTF-8", async () => {
    await expect(read(Buffer.from('{"a":"\u{e9}"}', "latin1"))).rejects.toThrow("not UTF-8");
  });

  test("may not be longer than the limit", async () => {
    await expect(read(`{"a":"${"x".repeat(100)}"}`, 10, { limit: 50 })).rejects.toThrow("longer than 50 bytes");
  });
});
