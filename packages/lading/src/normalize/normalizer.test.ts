import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RowFile } from "../load-package/row-file.ts";
import { newSchema } from "../schema/new-schema.ts";
import { createNaming } from "../schema/naming/index.ts";
import { rootRowColumn } from "../schema/merge-strategy.ts";
import type { TableSchema } from "../schema/schema.ts";
import { parseIsoDateTime } from "../schema/temporal.ts";
import { schemaToText } from "../schema/wire.ts";
import type { Exact } from "../util/exact.ts";
import { parseExact, toPlain } from "../util/json.ts";
import { cachedNames } from "./names.ts";
import { Normalizer } from "./normalizer.ts";

/** Normalizes pages given as JSON texts; cells come back parsed, with instants and doubles as numbers. */
function normalize(
  pages: readonly string[],
  { root, ...options }: { exactOnly?: boolean; root?: Partial<TableSchema> } = {},
) {
  const schema = newSchema("s");
  const columns = new Map([...(root?.columns ?? [])].map(([name, column]) => [name, { ...column }]));
  schema.tables.set("t", { name: "t", write_disposition: "append", resource: "t", ...root, columns });
  const files = new Map<string, RowFile>();
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
    ...options,
  });
  for (const text of pages) {
    const exact = parseExact(text) as Exact[];
    normalizer.normalize({ rows: JSON.parse(text) as unknown[], exact: () => exact });
  }
  for (const [table, file] of files) {
    // A file's columns are the table's: a load would not know what to do with others.
    const known = schema.tables.get(table)!.columns;
    expect(file.columns.filter((column) => !known.has(column) && column !== rootRowColumn)).toEqual([]);
  }
  const tables: Record<string, { columns: readonly string[]; rows: unknown[][] }> = {};
  const marks = new Map<string, string>();
  for (const [table, file] of files) {
    const types = file.columns.map((column) => schema.tables.get(table)?.columns.get(column)?.data_type);
    const text = Buffer.from(file.buffer.bytes.subarray(0, file.buffer.length)).toString();
    tables[table] = {
      columns: [...file.columns],
      rows: readCells(text).map((row) =>
        row.map((cell, index) => {
          if (file.columns[index] !== rootRowColumn) return comparable(cell, types[index]);
          if (!marks.has(cell!)) marks.set(cell!, `root row ${marks.size}`);
          return marks.get(cell!)!;
        }),
      ),
    };
  }
  return { schema: schemaToText(schema), tables, exactRows: normalizer.exactRows };
}

function comparable(cell: string | null, type: string | undefined): unknown {
  if (cell === null) return null;
  if (type === "double") return Number(cell);
  if (type === "timestamp") return parseIsoDateTime(cell)?.instant ?? cell;
  return cell;
}

/** The dialect of the row files, read the slow and certain way. */
function readCells(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  let at = 0;
  while (at < text.length) {
    let cell: string | null = null;
    if (text[at] === '"') {
      cell = "";
      for (at++; ; at++) {
        if (text[at] !== '"') cell += text[at]!;
        else if (text[at + 1] === '"') cell += text[at++]!;
        else break;
      }
      at++;
    } else {
      const end = at + text.slice(at).search(/[\t\n]/);
      if (end > at) cell = text.slice(at, end);
      at = end;
    }
    row.push(cell);
    if (text[at] === "\n") {
      rows.push(row);
      row = [];
    }
    at++;
  }
  return rows;
}

const key = fc.constantFrom("a", "b", "userName", "2nd", "a__b", "line-items", "value", "list", "A", "_dlt_id", "7");
const scalar = fc.oneof(
  fc.constantFrom(
    "null",
    "true",
    "false",
    "1",
    "1.0",
    "-0.0",
    "2.5",
    "1e3",
    "9007199254740993",
    "123456789012345678901234567890",
    '""',
    '"x"',
    '"a\\tb\\"c\\n"',
    '"ü🦆"',
    '"12"',
    '"2024-01-02T03:04:05Z"',
    '"2024-01-02 03:04:05.123456+02:00"',
    '"2024-02-30T00:00:00Z"',
  ),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.string().map((value) => JSON.stringify(value)),
);
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map(objectText),
  ),
}));

function objectText(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}`;
}

/** Rows that bring their ids, so that nothing is drawn by chance. */
const pages = fc
  .array(fc.array(fc.array(fc.tuple(key, value), { maxLength: 5 }), { maxLength: 6 }), { maxLength: 3 })
  .map((all) =>
    all.map(
      (rows, page) =>
        `[${rows.map((row, index) => objectText([...row, ["_dlt_id", `"p${page}r${index}"`]])).join(",")}]`,
    ),
  );

describe("the plan", () => {
  test("writes what the exact way writes, whatever the documents are", () => {
    fc.assert(
      fc.property(pages, (texts) => {
        const fast = normalize(texts);
        const exact = normalize(texts, { exactOnly: true });
        expect(fast.tables).toEqual(exact.tables);
        expect(fast.schema).toBe(exact.schema);
      }),
      { numRuns: 400 },
    );
  });

  test.each<readonly [string, Partial<TableSchema>]>([
    ["key", { "x-merge-strategy": "upsert", columns: new Map([["id", { name: "id", primary_key: true }]]) }],
    [
      "content",
      {
        "x-merge-strategy": "scd2",
        columns: new Map([["_dlt_id", { name: "_dlt_id", nullable: false, "x-row-version": true }]]),
      },
    ],
  ])("makes the same ids by hashing the %s, and tells root rows apart", (_, hints) => {
    const root = { write_disposition: "merge", ...hints } as const;
    const id = fc.oneof(
      fc.constantFrom("1", "1.0", '"1"', "true", "9007199254740993", '{"x":1}'),
      fc.nat(3).map(String),
    );
    const row = fc
      .tuple(id, fc.array(fc.tuple(key, value), { maxLength: 4 }))
      .map(([own, rest]) => objectText([...rest.filter(([name]) => name !== "_dlt_id"), ["id", own]]));
    const all = fc.array(
      fc.array(row, { maxLength: 6 }).map((rows) => `[${rows.join(",")}]`),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(all, (texts) => {
        const fast = normalize(texts, { root });
        const exact = normalize(texts, { root, exactOnly: true });
        expect(fast.tables).toEqual(exact.tables);
        expect(fast.schema).toBe(exact.schema);
      }),
      { numRuns: 300 },
    );
  });

  test("takes rows whose id is a hash the fast way too", () => {
    const root: Partial<TableSchema> = {
      write_disposition: "merge",
      "x-merge-strategy": "upsert",
      columns: new Map([["id", { name: "id", primary_key: true, nullable: false }]]),
    };
    const rows = Array.from({ length: 50 }, (_, id) => `{"id":${id},"l":[1,2]}`);
    expect(normalize([`[${rows.join(",")}]`], { root }).exactRows).toBe(1);
  });

  test("takes rows that look like those before without asking for the exact text", () => {
    const row = (n: number): string =>
      `{"_dlt_id":"r${n}","id":${n},"name":"x","price":1.5,"at":"2024-01-02T03:04:05Z","ok":true,"nested":{"a":1},"items":[{"sku":"s"},{"sku":"t"}],"tags":["a"],"none":null}`;
    const rows = Array.from({ length: 50 }, (_, index) => row(index));
    const result = normalize([`[${rows.join(",")}]`]);
    expect(result.exactRows).toBe(1);
    expect(result.tables["t"]!.rows).toHaveLength(50);
    expect(result.tables["t__items"]!.rows).toHaveLength(100);
  });

  test("keeps a whole float a float where it is the first value of its column", () => {
    const { schema } = normalize(['[{"_dlt_id":"a","x":1.0,"y":1}]']);
    expect(schema).toContain('"x":{"name":"x","data_type":"double"');
    expect(schema).toContain('"y":{"name":"y","data_type":"bigint"');
  });

  test("gives each value that does not fit a variant column, and variants of variants", () => {
    const result = normalize([
      '[{"_dlt_id":"a","x":1},{"_dlt_id":"b","x":"one"},{"_dlt_id":"c","x":"2024-01-02T03:04:05Z"}]',
    ]);
    expect(result.tables["t"]!.columns).toEqual(["_dlt_id", "x", "x__v_text"]);
    expect(result.tables["t"]!.rows.map((row) => row.slice(1))).toEqual([
      ["1", null],
      [null, "one"],
      [null, "2024-01-02T03:04:05Z"],
    ]);
  });

  test("infers decimal for integers beyond 64 bits and text beyond 38 digits, and variants in a column of integers", () => {
    const big = "9".repeat(38);
    const bigger = "9".repeat(39);
    const { schema, tables } = normalize([
      `[{"_dlt_id":"a","d":${big},"t":${bigger},"i":1},{"_dlt_id":"b","i":${big}},{"_dlt_id":"c","i":${bigger}},{"_dlt_id":"d","i":9223372036854775807}]`,
    ]);
    expect(schema).toContain('"d":{"name":"d","data_type":"decimal","nullable":true,"precision":38,"scale":0}');
    expect(schema).toContain('"t":{"name":"t","data_type":"text"');
    expect(tables["t"]!.columns).toEqual(["_dlt_id", "d", "t", "i", "i__v_decimal", "i__v_text"]);
    expect(tables["t"]!.rows.map((row) => row.slice(3))).toEqual([
      ["1", null, null],
      [null, big, null],
      [null, null, bigger],
      ["9223372036854775807", null, null],
    ]);
  });

  test("takes nested rows that bring ids of their own, of any type", () => {
    const result = normalize([
      '[{"_dlt_id":"a","k":[{"_dlt_id":-5e-324}]},{"_dlt_id":"b","k":[{}]},{"_dlt_id":"c","k":[{"_dlt_id":"own"}]}]',
    ]);
    expect(result.tables["t__k"]!.columns).toEqual(["_dlt_id", "_dlt_parent_id", "_dlt_list_idx", "_dlt_id__v_text"]);
    expect(result.tables["t__k"]!.rows).toEqual([
      [-5e-324, null, null, null],
      [null, "b", "0", expect.any(String)],
      [null, null, null, "own"],
    ]);
  });

  test("names the row that broke", () => {
    const text = '[{"id":0,"_dlt_id":"a","k":[{"_dlt_list_idx":1}]}]';
    const schema = newSchema("s");
    const normalizer = new Normalizer({
      schema,
      names: cachedNames(createNaming("snake_case"), schema.normalizers),
      file: (table) => new RowFile("r", table),
      rootTable: "t",
      onChange: () => {},
    });
    schema.tables.set("t", {
      name: "t",
      columns: new Map([["id", { name: "id", data_type: "bigint", nullable: false }]]),
      write_disposition: "append",
      resource: "t",
    });
    normalizer.normalize({ rows: JSON.parse(text) as unknown[] });
    expect(() => normalizer.normalize({ rows: [{ id: 1 }, { id: null }] })).toThrowError(
      expect.objectContaining({
        code: "NULL_NOT_ALLOWED",
        details: expect.objectContaining({ row: 1, column: "id" }) as unknown,
      }),
    );
  });

  test("toPlain of the exact rows is what the plan saw", () => {
    expect(toPlain(parseExact('{"a":1.0}'))).toEqual({ a: 1 });
  });
});
