import { deepStrictEqual, equal, ok } from "node:assert/strict";
import { LadingError } from "../../../errors/index.ts";
import type { CaseContext } from "../case-context.ts";
import type { DestinationCase } from "../destination-suite.ts";
import { group, holds, merged, needing, rowsOf } from "./group.ts";

const reserved = ["select", "table", "user", "order", "group", "default", "null", "primary", "check", "end", "all"];
/** Columns that some engines have by themselves. */
const engines = ["rowid", "oid", "ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "ymin", "rownum"];
const long = "a very long name that goes on and on ".repeat(6);

const direct = { schema: { naming: "direct" } } as const;

/** Loads twice, merging, and reads everything back. */
async function loadsTwice(context: CaseContext, dataset: string, normalized: string): Promise<void> {
  const hints = merged("delete-insert");
  await context.run(rowsOf([{ id: 1, l: [1] }], hints), { dataset });
  await context.run(rowsOf([{ id: 1, l: [2] }, { id: 2 }], hints), { dataset });
  deepStrictEqual(await context.rows("t", ["id"], { dataset }), [[1], [2]]);
  deepStrictEqual(await context.rows("t__l", ["value"], { dataset }), [[2]]);
  deepStrictEqual((await context.content({ dataset: normalized })).faults, []);
}

const datasetCalled =
  (dataset: string, normalized: string): DestinationCase["run"] =>
  (context) =>
    loadsTwice(context, dataset, normalized);

/** Names come from APIs: they may be anything. */
export const identifiers = group("names", {
  async "reserved words as columns and tables"(context) {
    const read = reserved.map((name) => {
      const row = { id: 1, ...Object.fromEntries(reserved.map((word) => [word, word])), list: [{ [name]: name }] };
      return rowsOf([row], { name, ...merged("delete-insert") });
    });
    await context.run(read);
    await context.run(read);
    for (const name of ["select", "order", "user"]) {
      deepStrictEqual(await context.rows(name, reserved), [reserved]);
      deepStrictEqual(await context.rows(`${name}__list`, [name]), [[name]]);
    }
    equal((await context.tables()).length, 2 * reserved.length);
  },
  "a dataset that is a reserved word": datasetCalled("select", "select"),
  "a dataset with capitals and blanks": datasetCalled("My Data", "my_data"),
  "a dataset with letters beyond ASCII": datasetCalled("Größe", "gr_e"),
  async "a dataset with a very long name"(context) {
    await context.run(rowsOf([{ id: 1 }]), { dataset: long });
    await context.run(rowsOf([{ id: 2 }]), { dataset: long });
    deepStrictEqual(await context.rows("t", ["id"], { dataset: long }), [[1], [2]]);
  },
  async "columns that an engine has by itself keep their values"(context) {
    const row = Object.fromEntries(engines.map((name, at) => [name, at]));
    const hints = merged("delete-insert", { primaryKey: "xmin" });
    await context.run(rowsOf([{ ...row, box: { xmin: 1, xmax: 2 } }], hints));
    await context.run(rowsOf([{ ...row, ymin: 99, l: [{ ctid: 1 }] }], hints));
    const columns = (await context.columns("t")).slice(0, engines.length);
    deepStrictEqual(await context.rows("t", columns), [engines.map((name, at) => (name === "ymin" ? 99 : at))]);
    ok(
      columns.every((name, at) => name.endsWith(engines[at]!)),
      `other names: ${columns.join(", ")}`,
    );
    ok((await context.columns("t")).includes("box__xmin"));
    equal((await context.columns("t__l")).length, 1);
  },
  async "signs, blanks, quotes and emoji in keys"(context) {
    const row = {
      "a b": 1,
      'q"uote': 2,
      "it's": 3,
      "back\\slash": 4,
      "per%cent": 5,
      "c.d": 6,
      $one: 7,
      "a-c": 8,
      aÄd: 9,
      "1st": 10,
      "😀 e": 11,
    };
    await context.run(rowsOf([row]));
    await context.run(rowsOf([row]));
    const columns = await context.columns("t");
    equal(columns.length, 11);
    const values = Object.values(row);
    deepStrictEqual(await context.rows("t", columns), [values, values]);
  },
  async "keys that objects have by themselves"(context) {
    const row: unknown = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "toString": 3, "hasOwnProperty": 4}');
    await context.run(rowsOf([row]));
    await holds(context, ["proto__x", "constructor", "to_string", "has_own_property"], [[1, 2, 3, 4]]);
  },
  async "names that are too long stay different ones, from load to load"(context) {
    const [one, other] = [`${long}1${long}`, `${long}2${long}`];
    const row = { id: 1, [one]: 1, [other]: 2, [`${one} list`]: [{ [one]: 3, [`${other} list`]: [4] }] };
    const read = rowsOf([row], { name: long, ...merged("delete-insert") });
    await context.run(read);
    await context.run(read);
    const tables = await context.tables();
    equal(tables.length, 3);
    const root = tables.find((name) => tables.every(({ length }) => length >= name.length))!;
    const content = await context.content();
    deepStrictEqual(content.faults, []);
    deepStrictEqual(
      Object.values(content.tables).map((rows) => rows.length),
      [1, 1, 1],
    );
    ok(tables.includes(root));
    const columns = (await Promise.all(tables.map((name) => context.columns(name)))).flat();
    equal(columns.length, 5);
  },
  async "names of many bytes, as they are: each is another one, and found again"(context) {
    // 40 and 70 characters, of two and of four bytes.
    const keys = [
      "ß".repeat(40),
      `${"ß".repeat(40)}x`,
      "ü".repeat(70),
      `${"ü".repeat(69)}x`,
      "😀".repeat(20),
      `${"😀".repeat(19)}😁`,
    ];
    const where = { settings: direct };
    const row = {
      id: 1,
      ...Object.fromEntries(keys.map((key, at) => [key, at])),
      [`${keys[0]} list`]: [{ [keys[2]!]: 1 }],
    };
    const read = rowsOf([row], { name: `Tabelle ${keys[0]}`, ...merged("delete-insert") });
    await context.run(read, where);
    const before = await context.tables();
    await context.run(read, where);
    deepStrictEqual(await context.tables(), before);
    equal(before.length, 2);
    const root = before.find((name) => !name.includes("list"))!;
    const columns = await context.columns(root);
    equal(columns.length, keys.length + 1);
    deepStrictEqual(await context.rows(root, columns), [[1, 0, 1, 2, 3, 4, 5]]);
  },
  async "names as they are: blanks, dots, signs, capitals, a reserved word"(context) {
    const where = { settings: direct };
    const row = {
      id: 1,
      "Two Words": 2,
      "a.b": 3,
      "semi;colon": 4,
      "per%cent": 5,
      "back\\slash": 6,
      Select: 7,
      "-- x": 8,
      "{y}": 9,
    };
    const read = rowsOf([{ ...row, list: [{ "a b": 1 }] }], { name: "My Table; --", ...merged("delete-insert") });
    await context.run(read, where);
    await context.run(read, where);
    deepStrictEqual(await context.rows("My Table; --", Object.keys(row)), [Object.values(row)]);
    deepStrictEqual((await context.content()).faults, []);
  },
  async "names that differ in case alone are two columns, or an error before anything is there"(context) {
    const read = rowsOf([{ id: 1, Name: "a", name: "b" }]);
    try {
      await context.run(read, { settings: direct });
    } catch (error) {
      ok(LadingError.is(error), String(error));
      deepStrictEqual(await context.tables(), []);
      return;
    }
    await context.run(read, { settings: direct });
    deepStrictEqual(await context.rows("t", ["Name", "name"]), [
      ["a", "b"],
      ["a", "b"],
    ]);
  },
  "names as they are, merged in every way": needing(["merge: upsert", "merge: scd2"], async (context) => {
    const where = { settings: direct };
    for (const strategy of ["delete-insert", "upsert", "scd2"]) {
      const hints =
        strategy === "scd2"
          ? { writeDisposition: { disposition: "merge", strategy } as const }
          : merged(strategy, { primaryKey: "Der Schlüssel" });
      const name = `Tabelle "${strategy}"`.replaceAll('"', "'");
      const rows = (v: number) => [{ "Der Schlüssel": 1, "Zweite Spalte": v, Liste: [{ "ein Wert": v }] }];
      await context.run(rowsOf(rows(1), { name, ...hints }), where);
      await context.run(rowsOf(rows(2), { name, ...hints }), where);
      const table = (await context.tables()).find((one) => one.includes(strategy) && !one.includes("Liste"))!;
      const found = await context.rows(table, ["Zweite Spalte"]);
      deepStrictEqual(found, strategy === "scd2" ? [[1], [2]] : [[2]]);
    }
  }),
  async "a table that is one of dlt's own is refused"(context) {
    const error = await context.failure(rowsOf([{ id: 1 }], { tableName: "_dlt_loads" }));
    equal(error.code, "INVALID_ARGUMENT");
  },
  async "names of two tables of which one looks nested in the other"(context) {
    await context.run([rowsOf([{ id: 1 }]), rowsOf([{ id: 2 }], { name: "t__l" })]);
    await context.run([rowsOf([{ id: 3 }]), rowsOf([{ id: 4 }], { name: "t__l" })]);
    await holds(context, ["id"], [[1], [3]]);
    await holds(context, ["id"], [[2], [4]], "t__l");
    equal((await context.loads()) > 0, true);
  },
});
