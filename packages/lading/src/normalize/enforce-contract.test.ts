import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LadingError } from "../errors/index.ts";
import { RowFile } from "../load-package/row-file.ts";
import type { StoredContract } from "../schema/contract.ts";
import { newSchema } from "../schema/new-schema.ts";
import { createNaming } from "../schema/naming/index.ts";
import { schemaToText } from "../schema/wire.ts";
import type { Exact } from "../util/exact.ts";
import { stringify } from "../util/json-text.ts";
import { parseExact } from "../util/json.ts";
import { cachedNames } from "./names.ts";
import { Normalizer } from "./normalizer.ts";

/** Normalizes pages under a contract, into a table that knows `id` (text), `n` (bigint) and, of its list `k`, `x` (bigint). */
function normalize(contract: StoredContract, pages: readonly string[], options: { exactOnly?: boolean } = {}) {
  const schema = newSchema("s");
  schema.tables.set("t", { name: "t", write_disposition: "append", resource: "t", columns: new Map() });
  const files = new Map<string, RowFile>();
  const discarded: string[] = [];
  const normalizer = new Normalizer({
    schema,
    names: cachedNames(createNaming("snake_case"), schema.normalizers),
    file: (table) => {
      const file = files.get(table) ?? new RowFile("r", table);
      files.set(table, file);
      return file;
    },
    rootTable: "t",
    onChange: () => {},
    onDiscard: ({ table, what, entity, column = "", origin = "", row }) =>
      discarded.push([table, what, entity, column, origin, stringify(row.get("_dlt_id") ?? null)].join(" ")),
    ...options,
  });
  const take = (text: string): void => {
    const exact = parseExact(text) as Exact[];
    normalizer.normalize({ rows: JSON.parse(text) as unknown[], exact: () => exact });
  };
  take('[{"_dlt_id":"r0","id":"a","n":1,"k":[{"x":1}]}]');
  schema.tables.get("t")!.schema_contract = contract;
  for (const text of pages) take(text);
  const rows = Object.fromEntries(
    [...files].map(([table, file]) => [
      table,
      `${file.columns.join("\t")}\n${Buffer.from(file.buffer.bytes.subarray(0, file.buffer.length)).toString()}`,
    ]),
  );
  return { rows, discarded, schema: schemaToText(schema), exactRows: normalizer.exactRows };
}

const lines = (text = ""): readonly string[] => text.trimEnd().split("\n").slice(1);

describe("a row that would change a table under a contract", () => {
  const page =
    '[{"_dlt_id":"r1","id":"b","n":"no number","new":1,"k":[{"x":2},{"y":3}],"m":[1]},{"_dlt_id":"r2","n":2}]';

  test("is left out with all that is nested in it: discard_row", () => {
    const after = normalize("discard_row", [page]);
    expect(lines(after.rows["t"]).map((line) => line.split("\t")[0])).toEqual(["r0", "r2"]);
    expect(lines(after.rows["t__k"])).toHaveLength(1);
    expect(after.discarded).toEqual(['t row data_type n__v_text n "r1"']);
    expect(after.schema).toBe(normalize("discard_row", []).schema);
  });

  test("is loaded without what is new: discard_value", () => {
    const after = normalize("discard_value", [page]);
    expect(lines(after.rows["t"])).toHaveLength(3);
    expect(after.discarded.map((one) => one.split(" ").slice(0, 5).join(" "))).toEqual([
      "t value data_type n__v_text n",
      "t value columns new new",
      "t__k value columns y y",
      "t__m row tables  ",
    ]);
    expect(Object.keys(after.rows)).toEqual(["t", "t__k"]);
  });

  test("is an error that names table, column and row: freeze", () => {
    const failure = (contract: StoredContract, text: string): LadingError => {
      try {
        normalize(contract, ["[]", text]);
      } catch (error) {
        if (LadingError.is(error)) return error;
        throw error;
      }
      throw new Error("it did not fail");
    };
    const column = failure({ columns: "freeze" }, '[{"n":1},{"n":2,"new":"secret"}]');
    expect(column).toMatchObject({
      code: "CONTRACT_VIOLATED",
      message: 'The column "new" of "t" is new, and the contract freezes the columns.',
      details: {
        schema: "s",
        table: "t",
        column: "new",
        entity: "columns",
        mode: "freeze",
        contract: { tables: "evolve", columns: "freeze", data_type: "evolve" },
        row: 1,
      },
    });
    expect(column.hint).toContain('{ columns: "evolve" }');
    expect(failure("freeze", '[{"n":"no number"}]').message).toBe(
      'The column "n__v_text" of "t" would change a type, and the contract freezes the types.',
    );
    expect(failure({ tables: "freeze" }, '[{"k":[{"l":[1]}]}]').message).toBe(
      'The table "t__k__l" is new, and the contract freezes the tables.',
    );
  });

  test("is judged by itself: a null is nothing new, whatever came before", () => {
    const after = normalize({ columns: "discard_row" }, ['[{"new":null},{"new":1},{"new":null}]']);
    expect(after.discarded).toHaveLength(1);
    expect(lines(after.rows["t"])).toHaveLength(3);
  });
});

test("a row that fits meets no contract, and goes the fast way", () => {
  const rows = JSON.stringify(Array.from({ length: 100 }, (_, n) => ({ id: `${n}`, n, k: [{ x: n }] })));
  expect(normalize("freeze", [rows]).exactRows).toBe(normalize("evolve", [rows]).exactRows);
});

const mode = fc.constantFrom("evolve" as const, "discard_row" as const, "discard_value" as const);
const contract = fc.oneof(mode, fc.record({ tables: mode, columns: mode, data_type: mode }));
const cell = fc.constantFrom(
  "null",
  "1",
  "2.5",
  '"text"',
  '"7"',
  "true",
  '{"z":1}',
  "[1]",
  '[{"x":1},{"w":"v"}]',
  "[]",
);
const key = fc.constantFrom("id", "n", "k", "new", "other", "n__v_text", "m");
const rows = fc.array(fc.dictionary(key, cell, { maxKeys: 4 }), { maxLength: 12 }).map((all) =>
  all.map((row, index) => {
    const cells = Object.entries(row).map(([name, text]) => `"${name}":${text}`);
    return `{${[...cells, `"_dlt_id":"p${index}"`].join(",")}}`;
  }),
);

describe("whatever the rows and the contract are", () => {
  test("how they are split into pages changes neither what is discarded, nor what is written, nor the schema", () => {
    fc.assert(
      fc.property(contract, rows, fc.array(fc.nat(12), { maxLength: 4 }), (given, all, cuts) => {
        const at = [...new Set([0, ...cuts.filter((cut) => cut < all.length), all.length])].toSorted((a, b) => a - b);
        const split = at.slice(1).map((end, index) => `[${all.slice(at[index], end).join(",")}]`);
        const { exactRows, ...whole } = normalize(given, [`[${all.join(",")}]`]);
        const { exactRows: _, ...parts } = normalize(given, split);
        expect(exactRows).toBeGreaterThan(0);
        expect(parts).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  test("the fast way leaves out what the exact way leaves out", () => {
    fc.assert(
      fc.property(contract, rows, (given, all) => {
        const { exactRows, ...fast } = normalize(given, [`[${all.join(",")}]`]);
        const { exactRows: every, ...exact } = normalize(given, [`[${all.join(",")}]`], { exactOnly: true });
        expect(every).toBeGreaterThanOrEqual(exactRows);
        expect(fast.discarded).toEqual(exact.discarded);
        expect(fast.schema).toBe(exact.schema);
        for (const [table, text] of Object.entries(exact.rows)) {
          expect(lines(fast.rows[table])).toHaveLength(lines(text).length);
        }
      }),
      { numRuns: 300 },
    );
  });
});
