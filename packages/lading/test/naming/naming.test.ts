import { expect, test } from "vitest";
import { createConfig, environmentProvider } from "../../src/config/index.ts";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import {
  namingConvention,
  pipeline,
  resource,
  source,
  type ConventionName,
  type Destination,
  type NamingConventionOptions,
  type OwnConvention,
  type Source,
} from "../../src/index.ts";
import { failureOf, place, type Place } from "../bad-input/place.ts";

type Settings = Readonly<Record<string, string>>;

const rows = [{ "a B": 1, cD: [1] }];
const gold = (data: readonly object[] = rows): Source => source("gold", [resource("MyTable", () => data)]);
const settings = (variables: Settings): { config: ReturnType<typeof createConfig> } => ({
  config: createConfig({ providers: [environmentProvider({ variables })], pipelineName: "gold" }),
});

/** Like the module `my_naming` that the hashes below were made with, which keeps what begins with `_dlt` too. */
const upper = namingConvention({
  name: "my_naming",
  normalize: (name) => name.toUpperCase().replaceAll(" ", "-"),
});

async function goldPlace(): Promise<Place> {
  return (await place()).with({ name: "gold", dataset: "gold" });
}

async function load(
  p: Place,
  given: Source,
  variables: Settings = {},
  naming?: ConventionName | OwnConvention,
  destination: Destination = duckdb(p.file),
  fresh = false,
): Promise<void> {
  const made = pipeline({
    name: "gold",
    source: given,
    destination,
    dataset: "gold",
    workingFolder: p.home,
    ...(naming !== undefined && { naming }),
  });
  await made.run({ ...settings(variables), fresh });
}

async function hashesOf(p: Place): Promise<unknown> {
  return (await p.sql("SELECT version_hash FROM gold._dlt_version ORDER BY version")).map(([hash]) => hash);
}

async function tablesOf(p: Place): Promise<unknown> {
  const sql =
    "SELECT table_name FROM duckdb_tables() WHERE table_name NOT LIKE '\\_dlt%' ESCAPE '\\' ORDER BY table_name";
  return (await p.sql(sql)).map(([table]) => table);
}

test.each<[what: string, settings: Settings]>([
  ["", { SCHEMA__NAMING: "direct" }],
  [" of all sources", { SOURCES__SCHEMA__NAMING: "direct" }],
  [" of the source", { SOURCES__GOLD__SCHEMA__NAMING: "direct", SCHEMA__NAMING: "duck_case" }],
])("the setting%s names the convention; without it later runs keep to what is stored", async (_, variables) => {
  await using p = await goldPlace();
  await load(p, gold(), variables);
  await load(p, gold());
  expect(await tablesOf(p)).toEqual(["MyTable", "MyTable▶cD"]);
  expect(await p.sql('SELECT "a B" FROM gold."MyTable"')).toEqual([["1"], ["1"]]);
  expect(await hashesOf(p)).toEqual(["CqOgQVKJtCGNopHg2YFfg2jNcBk0dvbccPe9MaZkSJs="]);
});

test("a stored schema that does not break paths is gone on with", async () => {
  await using p = await goldPlace();
  const data = gold([{ a__b: 1, x: { y__z: 1 } }]);
  await load(p, data, { SCHEMA__USE_BREAK_PATH_ON_NORMALIZE: "false" });
  await load(p, data);
  expect(await p.sql("SELECT a_b, x__y_z FROM gold.my_table")).toEqual([
    ["1", "1"],
    ["1", "1"],
  ]);
  expect(await hashesOf(p)).toEqual(["r2arBdb3/ITTMP5VWWnwGWtrxm9QEuHbGUi2Qf2Ky7g="]);
});

test("another convention is refused where a table has rows, before anything is read", async () => {
  await using p = await goldPlace();
  await load(p, gold());
  let reads = 0;
  const counted = source("gold", [resource("MyTable", () => (reads++, rows))]);
  const error = await failureOf(load(p, counted, { SCHEMA__NAMING: "sql_cs_v1" }));
  expect(error).toMatchObject({
    code: "NAMING_CHANGED",
    details: { from: "snake_case", to: "sql_cs_v1", table: "my_table" },
  });
  expect(reads).toBe(0);
  // Nothing is left that the next run would have to go on with.
  await load(p, counted);
  expect(await p.sql("SELECT count(*)::INT FROM gold.my_table")).toEqual([[2]]);
});

test("or begins tables beside the old ones, where that is allowed; both stay in the schema", async () => {
  await using p = await goldPlace();
  await load(p, gold());
  const variables = {
    SCHEMA__NAMING: "sql_cs_v1",
    SCHEMA__ALLOW_IDENTIFIER_CHANGE_ON_TABLE_WITH_DATA: "true",
  };
  await load(p, gold(), variables);
  await load(p, gold());
  expect(await tablesOf(p)).toEqual(["MyTable", "MyTable__cD", "my_table", "my_table__c_d"]);
  expect(await p.sql('SELECT "a_B" FROM gold."MyTable"')).toEqual([["1"], ["1"]]);
  expect(await hashesOf(p)).toEqual([
    "aIm4eincP/KUzF/kPOH/qLpm0pciI9iRa7zDkRkFIko=",
    "LKe/i0cNxQ37cTytGcUNwY1v0h8P91V/HpPWjFDLPWg=",
  ]);
});

test("a table that is replaced is emptied under its new name, too", async () => {
  await using p = await goldPlace();
  const replaced = (data: readonly object[]): Source =>
    source("gold", [resource({ name: "t", writeDisposition: "replace" }, () => data)]);
  await load(p, replaced([{ aB: 1, CD: 1 }]));
  const variables = {
    SCHEMA__NAMING: "sql_ci_v1",
    SCHEMA__ALLOW_IDENTIFIER_CHANGE_ON_TABLE_WITH_DATA: "true",
  };
  await load(p, replaced([]), variables);
  expect(await p.sql("SELECT count(*)::INT FROM gold.t")).toEqual([[0]]);
});

test("a convention of one's own names tables, columns and what is nested, and is stored by its name", async () => {
  await using p = await goldPlace();
  await load(p, gold(), {}, upper);
  expect(await tablesOf(p)).toEqual(["MYTABLE", "MYTABLE__CD"]);
  expect(
    await p.sql(
      'SELECT "A-B", "VALUE" FROM gold."MYTABLE" m JOIN gold."MYTABLE__CD" c ON c._dlt_parent_id = m._dlt_id',
    ),
  ).toEqual([["1", "1"]]);
  const [[stored]] = (await p.sql("SELECT schema->'normalizers'->>'names' FROM gold._dlt_version")) as [[string]];
  expect(stored).toBe("my_naming");
  // A later run must be given it again, by whatever door.
  expect(await failureOf(load(p, gold()))).toMatchObject({ code: "INVALID_ARGUMENT", details: { name: "my_naming" } });
  expect(await failureOf(load(p, gold(), {}, "direct"))).toMatchObject({ code: "NAMING_CHANGED" });
  await load(p, { ...gold(), naming: upper });
  expect(await p.sql('SELECT count(*)::INT FROM gold."MYTABLE"')).toEqual([[2]]);
  expect(await hashesOf(p)).toHaveLength(1);
});

test("its separator stands between the parts of names", async () => {
  await using p = await goldPlace();
  const dotted = namingConvention({ name: "dotted", separator: ".", normalize: (name) => name.replaceAll(".", "_") });
  await load(p, gold([{ a: { "b.c": 1 }, l: [{ m: [1] }] }]), {}, dotted);
  expect(await tablesOf(p)).toEqual(["MyTable", "MyTable.l", "MyTable.l.m"]);
  expect(await p.sql('SELECT "a.b.c" FROM gold."MyTable"')).toEqual([["1"]]);
});

test.each<[what: string, options: Partial<NamingConventionOptions>, code: string]>([
  ["without a name", { name: " " }, "NAME_EMPTY"],
  ["called like a built-in one", { name: "direct" }, "INVALID_ARGUMENT"],
  ["with an empty separator", { separator: "" }, "INVALID_ARGUMENT"],
  ["with an unknown option", { maxLength: 3 } as object, "INVALID_ARGUMENT"],
  ["without a function", { normalize: undefined as unknown as () => string }, "INVALID_ARGUMENT"],
])("a convention %s is refused", (_, options, code) => {
  const made = (): OwnConvention => namingConvention({ name: "x", normalize: (name) => name, ...options });
  expect(made).toThrow(expect.objectContaining({ code }) as Error);
});

test.each<[what: string, normalize: (name: string) => string, code: string]>([
  ["makes no name of a key", (name) => name.replaceAll(/[^a-zA-Z]/g, ""), "NAME_EMPTY"],
  ["makes something else of a key", (name) => (name === "7" ? (7 as unknown as string) : name), "NAME_EMPTY"],
  ["makes another name of the names that it has made", (name) => `t${name}`, "INVALID_ARGUMENT"],
])("one that %s is an error, and nothing is loaded", async (_, normalize, code) => {
  await using p = await goldPlace();
  const error = await failureOf(load(p, gold([{ 7: 1 }]), {}, namingConvention({ name: "odd", normalize })));
  expect(error).toMatchObject({ code });
  expect(error.message).toContain('"odd"');
});

test("keys of a row that become one column are one: the later value, at the place of the first", async () => {
  await using p = await goldPlace();
  await load(p, gold([{ aB: 1, c: 2, a_b: 3 }]));
  expect(await p.sql("SELECT a_b, c FROM gold.my_table")).toEqual([["3", "2"]]);
});

test.each<[what: string, data: readonly object[], names: readonly string[]]>([
  ["columns of one row", [{ aB: 1, Ab: 2 }], ["aB", "Ab"]],
  ["columns of two rows", [{ a: 1 }, { A: 2 }], ["a", "A"]],
  ["tables", [{ l: [1], L: [2] }], ["MyTable▶l", "MyTable▶L"]],
])("names that are one to the database are refused: %s", async (_, data, names) => {
  await using p = await goldPlace();
  const naming = { SCHEMA__NAMING: "direct" };
  expect(await failureOf(load(p, gold(data), naming))).toMatchObject({ code: "NAMES_COLLIDE", details: { names } });
  expect(await tablesOf(p)).toEqual([]);
  // DuckDB tells other letters apart.
  await load(p, gold([{ Ä: 1, ä: 2 }]), naming, undefined, duckdb(p.file), true);
  expect(await p.sql('SELECT "Ä", "ä" FROM gold."MyTable"')).toEqual([["1", "2"]]);
});

/** DuckDB, as if it took shorter names. */
function narrow(file: string, maxIdentifierLength: number): Destination {
  const made = duckdb(file);
  return { ...made, capabilities: { ...made.capabilities, maxIdentifierLength } };
}

test("names that are too long for a destination are shortened with a tag, as dlt does", async () => {
  await using p = await goldPlace();
  const key = "VeryLongIdentifierThatExceedsTheLimitOfTheDatabaseEngineByALotOfCharacters";
  const short = "very_long_identifier_that_excqoma2angine_by_a_lot_of_characters";
  await load(p, gold([{ [key]: 1, a: [{ [key]: 2 }] }]), {}, undefined, narrow(p.file, 63));
  await load(p, gold([{ [key]: 3, a: [{ [key]: "x" }] }]), {}, undefined, narrow(p.file, 63));
  expect(await p.sql(`SELECT ${short} FROM gold.my_table`)).toEqual([["1"], ["3"]]);
  const columns = (await p.sql("SELECT column_name FROM duckdb_columns() WHERE table_name = 'my_table__a'")) as [
    string,
  ][];
  expect(columns.map(([name]) => name).filter((name) => name.startsWith("very"))).toHaveLength(2);
  for (const [name] of columns) expect(name.length).toBeLessThanOrEqual(63);
});

test("a name that was stored where longer ones are taken is refused by its own name", async () => {
  await using p = await goldPlace();
  await load(p, source("gold", [resource("t", [{ id: 1, ["k".repeat(80)]: 1 }])]));
  const later = load(p, source("gold", [resource("t", [{ id: 2 }])]), {}, undefined, narrow(p.file, 63));
  expect(await failureOf(later)).toMatchObject({
    code: "NAME_TOO_LONG",
    details: { name: "k".repeat(80), maxIdentifierLength: 63 },
  });
});
