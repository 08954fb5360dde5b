import { deepStrictEqual, equal, ok } from "node:assert/strict";
import { page, type ResourceHints } from "../../../resource/index.ts";
import { parseExact, parseFast } from "../../../util/json.ts";
import type { Exact } from "../../../util/exact.ts";
import type { CaseContext, Rows } from "../case-context.ts";
import { plainDecimal } from "../cells.ts";
import { group, holds, merged, needing, rowsOf } from "./group.ts";

const byText = (a: string, b: string): number => Number(a > b) - Number(a < b);

const oddTexts = [
  "",
  " ",
  'a"b',
  '"',
  '""',
  "'",
  "a\tb",
  "a\nb",
  "a\r\nb",
  "\r",
  "\\N",
  "\\",
  "\\.",
  "a\n\\.\nb",
  "NULL",
  "null",
  "\\t",
  "\\x00",
  "#",
  "é€😀",
  "👩‍👩‍👧",
  "e\u0301",
  "\u2028",
  "\u0001\u001f\u007f\u0085",
  "\uffff",
  "$1",
  "%s {0} :name",
  "'; DROP TABLE t; --",
  "true",
  "1e5",
];

async function stored(
  context: CaseContext,
  rows: unknown,
  columns: readonly string[],
  hints: ResourceHints = {},
): Promise<Rows> {
  await context.run(rowsOf(rows, hints));
  return context.rows("t", columns);
}

/** The text of JSON as a page of an API has it. */
async function runText(context: CaseContext, text: string, hints: ResourceHints = {}): Promise<void> {
  const rows = [page({ rows: parseFast(text) as unknown[], exact: () => parseExact(text) as Exact[] })];
  await context.run(rowsOf(rows, hints));
}

/** Values at the edge of their type land as they are. */
export const values = group("values", {
  async "nothing: null, undefined, and a key that is not there"(context) {
    const rows = [{ id: 1, a: null }, { id: 2, a: undefined }, { id: 3 }, { id: 4, a: "" }, { id: 5, a: "x" }];
    deepStrictEqual(await stored(context, rows, ["id", "a"]), [
      [1, null],
      [2, null],
      [3, null],
      [4, ""],
      [5, "x"],
    ]);
  },
  async "texts of every kind"(context) {
    const rows = oddTexts.map((a, id) => ({ id, a }));
    deepStrictEqual(
      await stored(context, rows, ["id", "a"]),
      oddTexts.map((text, id) => [id, text]),
    );
  },
  async "texts of every kind in the first column, alone in their line"(context) {
    await context.run(
      rowsOf(
        oddTexts.map((a) => ({ a })),
        { columns: { a: { dataType: "text" } } },
      ),
    );
    deepStrictEqual((await context.rows("t", ["a"])).flat().map(String).toSorted(byText), oddTexts.toSorted(byText));
  },
  async "texts of every kind as keys"(context) {
    const rows = oddTexts.map((id, v) => ({ id, v }));
    await context.run(rowsOf(rows, merged("delete-insert")));
    await context.run(
      rowsOf(
        rows.map((row) => ({ ...row, v: row.v + 100 })),
        merged("delete-insert"),
      ),
    );
    deepStrictEqual(
      (await context.rows("t", ["v"])).flat(),
      oddTexts.map((_, v) => v + 100),
    );
  },
  async "half a character becomes U+FFFD, and NUL goes"(context) {
    const rows = [{ a: "\ud800x", b: "y\udfff", c: "n\0l", d: "\0" }];
    deepStrictEqual(await stored(context, rows, ["a", "b", "c", "d"]), [["\ufffdx", "y\ufffd", "nl", ""]]);
  },
  async "a byte order mark at the beginning of a text"(context) {
    await context.run(rowsOf([{ a: "\ufeff" }, { a: "\ufeffx" }]));
    // By its length: readers may take it for what its name says.
    const lengths = await context.query(({ qualify }) => `SELECT length(a) AS n FROM ${qualify("t")} ORDER BY 1`);
    deepStrictEqual(lengths, [[1], [2]]);
  },
  async "texts of a megabyte, quoted or not"(context) {
    const plain = "x".repeat(1e6);
    const hard = '"\n\\€\t'.repeat(2e5);
    const rows = await stored(
      context,
      [
        { id: 1, a: plain },
        { id: 2, a: hard },
      ],
      ["id", "a"],
    );
    ok(rows[0]![1] === plain, "the plain text has changed");
    ok(rows[1]![1] === hard, "the text with quotes and line ends has changed");
  },
  async "integers to the limits of 64 bits"(context) {
    const all = [0, -1, 2 ** 31, -(2 ** 31), Number.MAX_SAFE_INTEGER, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];
    const rows = all.map((a, id) => ({ id, a }));
    deepStrictEqual(
      await stored(context, rows, ["id", "a"]),
      all.map((value, id) => [id, value]),
    );
  },
  async "integers beyond 64 bits keep every digit"(context) {
    const all = [2n ** 63n, -(2n ** 63n) - 1n, 10n ** 38n - 1n, 10n ** 38n, 10n ** 80n];
    const row = Object.fromEntries(all.map((value, index) => [`c${index}`, value]));
    const [cells = []] = await stored(context, [row], Object.keys(row));
    deepStrictEqual(
      cells.map((cell) => String(plainDecimal(cell))),
      all.map(String),
    );
  },
  async "integers of fewer bits, to their limits"(context) {
    const columns = {
      small: { dataType: "bigint", precision: 16 },
      middle: { dataType: "bigint", precision: 32 },
    } as const;
    const rows = [
      { small: -(2 ** 15), middle: -(2 ** 31) },
      { small: 2 ** 15 - 1, middle: 2 ** 31 - 1 },
    ];
    deepStrictEqual(await stored(context, rows, ["small", "middle"], { columns }), rows.map(Object.values));
  },
  async "floats: the smallest, the largest, and those that are no numbers"(context) {
    const all = [0.1, -0.1, 0.1 + 0.2, 1e308, -1.7976931348623157e308, 5e-324, 1 / 3, Number.NaN, Infinity, -Infinity];
    const rows = await stored(
      context,
      all.map((a, id) => ({ id, a })),
      ["id", "a"],
      {
        columns: { a: { dataType: "double" } },
      },
    );
    deepStrictEqual(
      rows,
      all.map((value, id) => [id, value]),
    );
  },
  async "1 and 1.0, and numbers that are too large, as they stand in JSON"(context) {
    await runText(context, '[{"a": 1, "b": 1.0, "c": 1e400}, {"a": 9007199254740993, "b": 1.5, "c": -1e400}]');
    deepStrictEqual(await context.rows("t", ["a", "b", "c"]), [
      [1, 1, Infinity],
      [9007199254740993n, 1.5, -Infinity],
    ]);
  },
  async booleans(context) {
    const rows = [
      { id: 1, a: true },
      { id: 2, a: false },
      { id: 3, a: null },
    ];
    deepStrictEqual(await stored(context, rows, ["id", "a"]), [
      [1, true],
      [2, false],
      [3, null],
    ]);
  },
  async "decimals of 38 digits; what does not fit stands beside them"(context) {
    const columns = { a: { dataType: "decimal" }, b: { dataType: "decimal", precision: 5, scale: 2 } } as const;
    const rows = [
      { id: 1, a: "12345678901234567890123456789.123456789", b: "999.99" },
      { id: 2, a: "-99999999999999999999999999999.999999999", b: "-999.99" },
      { id: 3, a: "0.000000001", b: "1000.00" },
      { id: 4, a: 0.1, b: 5 },
    ];
    const cells = await stored(context, rows, ["id", "a", "b"], { columns });
    deepStrictEqual(
      cells.map((row) => row.map(plainDecimal)),
      [
        [1, "12345678901234567890123456789.123456789", "999.99"],
        [2, "-99999999999999999999999999999.999999999", "-999.99"],
        [3, "0.000000001", null],
        [4, "0.1", "5"],
      ],
    );
    const beside = (await context.columns("t")).find((name) => name.startsWith("b__v_"));
    ok(beside !== undefined, "what does not fit has no column");
    const others = await context.rows("t", ["id", beside]);
    equal(String(plainDecimal(others[2]![1])), "1000");
  },
  async "what is no number has no place in a decimal column, and stands beside it"(context) {
    const columns = { a: { dataType: "decimal" } } as const;
    await context.run(
      rowsOf(
        [
          { id: 1, a: Number.NaN },
          { id: 2, a: Infinity },
          { id: 3, a: 1.5 },
        ],
        { columns },
      ),
    );
    const cells = await context.rows("t", ["id", "a"]);
    deepStrictEqual(
      cells.map((row) => row.map(plainDecimal)),
      [
        [1, null],
        [2, null],
        [3, "1.5"],
      ],
    );
    const beside = (await context.columns("t")).find((name) => name.startsWith("a__v_"));
    const others = await context.rows("t", ["id", beside!]);
    deepStrictEqual(
      others.map(([, cell]) => String(cell)),
      ["NaN", "Infinity", "null"],
    );
  },
  async "timestamps from the year 1 to 9999, to the microsecond"(context) {
    const all = [
      "0001-01-01T00:00:00Z",
      "1969-12-31T23:59:59.999999Z",
      "2024-02-29T12:00:00.123456+05:30",
      "9999-12-31T23:59:59.999999Z",
    ];
    await context.run(rowsOf(all.map((at, id) => ({ id, at }))));
    deepStrictEqual(await context.rows("t", ["id", "at"]), [
      [0, "0001-01-01T00:00:00.000Z"],
      [1, "1969-12-31T23:59:59.999Z"],
      [2, "2024-02-29T06:30:00.123Z"],
      [3, "9999-12-31T23:59:59.999Z"],
    ]);
    const [[microseconds] = []] = await context.query(
      ({ qualify, quote }) =>
        `SELECT CAST(EXTRACT(microseconds FROM ${quote("at")}) AS BIGINT) AS m FROM ${qualify("t")} WHERE id = 2`,
    );
    equal(microseconds, 123_456);
  },
  async "timestamps without a zone, with fewer digits"(context) {
    const columns = {
      plain: { dataType: "timestamp", timezone: false },
      milli: { dataType: "timestamp", timezone: false, precision: 3 },
      whole: { dataType: "timestamp", timezone: false, precision: 0 },
    } as const;
    const at = "2024-05-06T07:08:09.123456Z";
    await context.run(
      rowsOf([{ plain: at, milli: "2024-05-06T07:08:09.123Z", whole: "2024-05-06T07:08:09Z" }], { columns }),
    );
    const texts = await context.query(
      ({ qualify }) =>
        `SELECT CAST(plain AS VARCHAR) AS a, CAST(milli AS VARCHAR) AS b, CAST(whole AS VARCHAR) AS c FROM ${qualify("t")}`,
    );
    deepStrictEqual(texts, [["2024-05-06 07:08:09.123456", "2024-05-06 07:08:09.123", "2024-05-06 07:08:09"]]);
  },
  async "dates and times, to their limits"(context) {
    const columns = { day: { dataType: "date" }, at: { dataType: "time" } } as const;
    const rows = [
      { id: 1, day: "0001-01-01", at: "00:00:00" },
      { id: 2, day: "2024-02-29", at: "12:34:56.123456" },
      { id: 3, day: "9999-12-31", at: "23:59:59.999999" },
    ];
    deepStrictEqual(await stored(context, rows, ["id", "day", "at"], { columns }), rows.map(Object.values));
  },
  async "a Date"(context) {
    const rows = [{ at: new Date(0) }, { at: new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 4)) }];
    deepStrictEqual(await stored(context, rows, ["at"]), [["1970-01-01T00:00:00.000Z"], ["2024-02-29T01:02:03.004Z"]]);
  },
  async "days that are none stay text"(context) {
    deepStrictEqual(await stored(context, [{ a: "2024-02-30T00:00:00Z" }], ["a"]), [["2024-02-30T00:00:00Z"]]);
  },
  async "bytes: none, all of them, and a megabyte"(context) {
    const all = Uint8Array.from({ length: 256 }, (_, at) => at);
    const many = new Uint8Array(1e6).fill(92);
    const rows = await stored(
      context,
      [new Uint8Array(), all, many].map((a, id) => ({ id, a })),
      ["id", "a"],
    );
    deepStrictEqual(rows[0], [0, "\\x"]);
    equal(rows[1]![1], `\\x${Array.from(all, (byte) => byte.toString(16).padStart(2, "0")).join("")}`);
    ok(rows[2]![1] === `\\x${"5c".repeat(1e6)}`, "a megabyte of bytes has changed");
  },
  async "JSON: every digit, deep, empty, with quotes and emoji"(context) {
    let deep: unknown = "end";
    for (let level = 0; level < 500; level++) deep = level % 2 === 0 ? [deep] : { a: deep };
    const all = [
      { 'k"\\': "\u0001\n\ud83d\ude00\u2028", list: [null, [], {}, true], "": "" },
      [],
      {},
      ["text", "", '"', 1.5, null],
      deep,
      ["\\u0000 is no NUL", "\\\\u0041"],
    ];
    const rows = await stored(
      context,
      all.map((a, id) => ({ id, a })),
      ["id", "a"],
      {
        columns: { a: { dataType: "json" } },
      },
    );
    deepStrictEqual(
      rows,
      all.map((value, id) => [id, value]),
    );
  },
  async "JSON: integers of 64 bits and more, and null beside nothing"(context) {
    const text =
      '[{"id": 1, "a": {"n": 9007199254740993, "m": 1180591620717411303424}}, {"id": 2, "a": null}, {"id": 3}]';
    await runText(context, text, { columns: { a: { dataType: "json" } } });
    deepStrictEqual(await context.rows("t", ["id", "a"]), [
      [1, { n: 9007199254740993n, m: 1180591620717411303424n }],
      [2, null],
      [3, null],
    ]);
  },
  async "JSON: a NUL is kept or goes, half a character becomes U+FFFD"(context) {
    const rows = [
      { id: 1, a: { "k\0": "n\0l", s: "\\\0" } },
      { id: 2, a: ["\ud800"] },
      { id: 3, a: { s: "\\u0000" } },
    ];
    const [first, ...others] = await stored(context, rows, ["id", "a"], { columns: { a: { dataType: "json" } } });
    const isKept = JSON.stringify(first![1]).includes("\\u0000");
    deepStrictEqual(first, isKept ? [1, { "k\0": "n\0l", s: "\\\0" }] : [1, { k: "nl", s: "\\" }]);
    deepStrictEqual(others, [
      [2, ["\ufffd"]],
      [3, { s: "\\u0000" }],
    ]);
  },
  async "what lies too deep stays JSON"(context) {
    await context.run(rowsOf([{ id: 1, a: { b: { c: [1, { d: "x" }] } } }], { maxTableNesting: 0 }));
    await holds(context, ["id", "a"], [[1, { b: { c: [1, { d: "x" }] } }]]);
  },
  "values of every type go through a merge": needing(["merge: delete-insert"], async (context) => {
    const columns = { j: { dataType: "json" }, day: { dataType: "date" }, dec: { dataType: "decimal" } } as const;
    const row = {
      id: 1,
      s: 'a\t"b"\n\\',
      n: 2n ** 63n - 1n,
      f: 0.1,
      b: true,
      at: "9999-12-31T23:59:59.999999Z",
      day: "0001-01-01",
      dec: "12345678901234567890123456789.123456789",
      bytes: new Uint8Array([0, 92, 255]),
      j: { a: [1, "x"] },
    };
    for (const id of [1, 2, 1]) await context.run(rowsOf([{ ...row, id }], merged("delete-insert", { columns })));
    const own = ['a\t"b"\n\\', 2n ** 63n - 1n, 0.1, true, "9999-12-31T23:59:59.999Z", "0001-01-01"];
    const cells = await context.rows("t", ["id", "s", "n", "f", "b", "at", "day", "dec", "bytes", "j"]);
    deepStrictEqual(
      cells,
      [1, 2].map((id) => [id, ...own, "12345678901234567890123456789.123456789", "\\x005cff", { a: [1, "x"] }]),
    );
  }),
});
