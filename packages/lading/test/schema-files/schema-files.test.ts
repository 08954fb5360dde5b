import { readFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createConfig, resource, source, type Source } from "../../src/index.ts";
import { schemaFromYaml, schemaToYaml } from "../../src/schema/schema-file.ts";
import { bumpVersion } from "../../src/schema/version.ts";
import { schemaFromText } from "../../src/schema/wire.ts";
import { place, type Place } from "../bad-input/place.ts";

/** What dlt 1.31 did with an import and an export folder, step by step. Texts of files stand once, and are named by number. */
interface Recorded {
  readonly cases: readonly { readonly name: string; readonly steps: readonly Step[] }[];
  readonly files: readonly string[];
}

interface Step {
  /** A machine that has nothing but the two folders. */
  readonly fresh?: true;
  readonly dropDb?: true;
  /** What a person made of the file in the import folder. */
  readonly file?: number;
  readonly rows: readonly Record<string, unknown>[];
  readonly stored: {
    readonly version: number;
    readonly hash: string;
    readonly previous: readonly string[];
    readonly imported: string;
    /** Versions in `_dlt_version`. */
    readonly count: number;
  };
  readonly columns: readonly (readonly [table: string, column: string, type: string])[];
  readonly importFile: number;
  readonly exportFile: number;
}

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, "golden", "dlt.json"), "utf8")) as Recorded;

const vec = (rows: readonly Record<string, unknown>[]): Source =>
  source("vec", [resource({ name: "users", primaryKey: "id", writeDisposition: "merge" }, () => [rows])]);

describe("schema files are what dlt makes of them", () => {
  test.each(recorded.cases)("$name", async ({ steps }) => {
    await using at = await place();
    for (const step of steps) {
      if (step.fresh) await rm(at.home, { recursive: true, force: true });
      if (step.dropDb) await rm(at.file);
      const folders = { importSchemaPath: join(at.folder, "in"), exportSchemaPath: join(at.folder, "out") };
      const imported = join(folders.importSchemaPath, "vec.schema.yaml");
      if (step.file !== undefined) {
        await mkdir(folders.importSchemaPath, { recursive: true });
        await writeFile(imported, recorded.files[step.file]!);
      }
      const p = at.with({ name: "pim", dataset: "ds", more: folders });
      await p.run(vec(step.rows));

      const versions = await p.sql(
        "SELECT version::INT, version_hash, schema FROM ds._dlt_version ORDER BY inserted_at",
      );
      const [version, hash, schema] = versions.at(-1) as [number, string, string];
      const { previousHashes: previous, importedVersionHash } = schemaFromText(schema);
      const stored = { version, hash, previous, imported: importedVersionHash, count: versions.length };
      expect(stored).toEqual(step.stored);
      expect(await readFile(imported, "utf8")).toBe(recorded.files[step.importFile]);
      expect(await readFile(join(folders.exportSchemaPath, "vec.schema.yaml"), "utf8")).toBe(
        recorded.files[step.exportFile],
      );
      expect(
        await p.sql(
          "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'ds' AND table_name NOT LIKE '\\_dlt%' ESCAPE '\\' ORDER BY table_name, ordinal_position",
        ),
      ).toEqual(step.columns);
    }
  });
});

describe("a person's file", () => {
  const file = (at: { readonly folder: string }): string => join(at.folder, "in", "vec.schema.yaml");
  const importing = async (): Promise<Place> => {
    const made = await place();
    return Object.assign(made.with({ more: { importSchemaPath: join(made.folder, "in") } }), {
      [Symbol.asyncDispose]: () => made[Symbol.asyncDispose](),
    });
  };
  const edit = async (at: Place, from: string, to: string): Promise<void> => {
    const text = await readFile(file(at), "utf8");
    expect(text).toContain(from);
    await writeFile(file(at), text.replace(from, to));
  };

  test("is not taken for edited where it was lost and written again", async () => {
    await using at = await importing();
    await at.run(vec([{ id: 1, name: "a" }]));
    await rm(file(at));
    for (const id of [2, 3]) expect((await at.run(vec([{ id, name: "b" }]))).warnings).toEqual([]);
    expect(await readFile(file(at), "utf8")).toContain("name: vec");
    expect(await at.sql("SELECT count(*)::INT FROM d._dlt_version")).toEqual([[1]]);
  });

  test("makes what was read by another schema be read again", async () => {
    await using at = await importing();
    await at.run(vec([{ id: 1, name: "a" }]));
    const broken = source("vec", [
      resource({ name: "users", primaryKey: "id", writeDisposition: "merge" }, function* () {
        yield [{ id: 2, name: "b" }];
        throw new Error("gone");
      }),
    ]);
    await at.failure(broken);
    await edit(at, "      id:\n", "      name:\n        data_type: text\n        x-shown: true\n      id:\n");
    const { warnings, kind } = await at.run(vec([{ id: 3, name: "c" }]));
    expect(kind).toBe("new");
    expect(warnings.join()).toContain("was edited in the import folder");
    expect(await at.sql("SELECT schema LIKE '%x-shown%' FROM d._dlt_version ORDER BY version DESC LIMIT 1")).toEqual([
      [true],
    ]);
  });

  test("says which tables it makes the schema forget", async () => {
    await using at = await importing();
    await at.run(vec([{ id: 1, tags: ["x"] }]));
    await edit(at, "      id:\n", "      id:\n        description: the key\n");
    const { warnings } = await at.run(vec([{ id: 2 }]));
    expect(warnings).toEqual([
      'The schema "vec" was edited in the import folder, and takes the place of the one in the destination. Tables that are there and not in it are forgotten: users__tags.',
    ]);
  });

  test("does not change the type of a column that is there", async () => {
    await using at = await importing();
    await at.run(vec([{ id: 1, score: 2 }]));
    await edit(at, "      id:\n", "      score:\n        data_type: text\n      id:\n");
    expect(await at.failure(vec([{ id: 2, score: 3 }]))).toMatchObject({ code: "TABLE_CHANGED" });
  });

  test.each([
    ["is no YAML", "tables: [", /vec\.schema\.yaml:\d+:\d+: /],
    ["is of another schema", "name: other\nengine_version: 11\ntables: {}\n", /its name is "other" instead of "vec"/],
    ["has no tables of dlt's", "name: vec\nengine_version: 11\ntables: {}\n", /the table _dlt_version is missing/],
    ["has a key that is no text", "name: vec\nengine_version: 11\ntables:\n  on: {}\n", /the key true in "tables"/],
    [
      "has no list of columns",
      "name: vec\nengine_version: 11\ntables:\n  _dlt_version: {}\n  _dlt_loads: 1\n",
      /tables\./,
    ],
  ])("that %s is refused", async (_, text, message) => {
    await using at = await importing();
    await mkdir(join(at.folder, "in"), { recursive: true });
    await writeFile(file(at), text);
    const error = await at.failure(vec([{ id: 1 }]));
    expect(error.code).toBe("SCHEMA_FILE_INVALID");
    expect(error.message).toMatch(message);
  });

  test.each([
    ["data_type: text", "data_type: varchar", /tables\.users\.columns\.name\.data_type is "varchar"/],
    ["nullable: true", "nullable: 1", /nullable is not true or false/],
    ["resource: users", "parent: nobody", /parent is "nobody"/],
  ])("with %s turned into %s is refused", async (from, to, message) => {
    const schema = schemaFromText(exampleSchema);
    const text = (await schemaToYaml(schema)).replace(new RegExp(`(users:[^]*?)${from}`), `$1${to}`);
    await expect(schemaFromYaml(text, "vec", "f.yaml")).rejects.toThrow(message);
  });

  test("made by another naming convention is refused", async () => {
    await using at = await importing();
    await at.run(vec([{ id: 1 }]));
    await edit(at, "names: snake_case", "names: direct");
    expect(await at.failure(vec([{ id: 1 }]))).toMatchObject({
      code: "SCHEMA_FILE_INVALID",
      message: expect.stringContaining('naming convention "direct"') as string,
    });
  });

  test("is found by the setting, relative to the project; one folder for both ways is refused", async () => {
    await using at = await place();
    const config = createConfig({
      providers: [],
      values: { import_schema_path: join(at.folder, "both"), export_schema_path: join(at.folder, "both") },
    });
    expect(await at.failure(vec([{ id: 1 }]), { config })).toMatchObject({ code: "INVALID_ARGUMENT" });
    const json = createConfig({ providers: [], values: { schema: { external_schema_format: "json" } } });
    expect(await at.failure(vec([{ id: 1 }]), { config: json })).toMatchObject({ code: "CONFIG_INVALID" });
  });
});

const exampleSchema = JSON.stringify({
  version: 1,
  version_hash: "",
  engine_version: 11,
  name: "vec",
  tables: {
    _dlt_version: { columns: {}, write_disposition: "skip", resource: "_dlt_version" },
    _dlt_loads: { columns: {}, write_disposition: "skip", resource: "_dlt_loads" },
    users: {
      columns: { name: { name: "name", data_type: "text", nullable: true } },
      write_disposition: "append",
      resource: "users",
    },
  },
  settings: {},
  normalizers: { names: "snake_case", json: { module: "dlt.common.normalizers.json.relational" } },
  previous_hashes: [],
});

test("whatever a text in a schema is, it comes back from its file, and the hash with it", async () => {
  const words = [
    "on",
    "yes",
    "~",
    "null",
    "1",
    "1.0",
    "0x1",
    "1_000",
    "12:30",
    "2024-01-01",
    "",
    " a",
    "a: b",
    "- a",
    "a #b",
    "=",
    "a\nb",
    "\ttab",
    "é",
    "!x",
    "&y",
    "*z",
    "'",
    '"',
    "%",
    "@",
    "`",
    "{",
    "[",
    "?",
    "|",
    ">",
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: "binary" })), { minLength: 1 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      async (texts, number) => {
        const schema = schemaFromText(exampleSchema);
        const table = schema.tables.get("users")!;
        table.description = texts.join(" ");
        for (const text of texts) table.columns.set(text, { name: text, data_type: "text", "x-text": text });
        table["x-number"] = number;
        bumpVersion(schema);
        const back = await schemaFromYaml(await schemaToYaml(schema), "vec", "f.yaml");
        expect(back.versionHash).toBe(schema.versionHash);
        expect(back.version).toBe(schema.version);
      },
    ),
    { numRuns: 100 },
  );
});
