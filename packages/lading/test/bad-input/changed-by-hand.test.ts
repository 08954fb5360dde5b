import { describe, expect, test } from "vitest";
import type { ResourceHints } from "../../src/resource/index.ts";
import { place, type Place } from "./place.ts";
import { merged, rowsOf } from "./rows-of.ts";

const first = [{ id: 1, name: "one", price: 1.5, tags: ["a", "b"] }];
const second = [{ id: 2, name: "two", price: 2.5, tags: ["c"] }];
const rows = "SELECT id, name, price FROM d.t ORDER BY id";

/** A place with one row, whose database someone then worked on. */
async function changed(statements: string, hints: ResourceHints = {}): Promise<Place> {
  const p = await place();
  await p.run(rowsOf(first, hints));
  for (const statement of statements.split(";")) await p.sql(statement);
  return p;
}

const one = ["1", "one", 1.5];
const two = ["2", "two", 2.5];
const both = [one, two];

describe("what was changed in the database by hand and does not hinder", () => {
  test.each<[what: string, statements: string, after: unknown[][]]>([
    ["a table dropped comes back", "DROP TABLE d.t", [two]],
    [
      "a column dropped comes back, empty for older rows",
      "ALTER TABLE d.t DROP COLUMN name",
      [
        ["1", null, 1.5],
        ["2", "two", 2.5],
      ],
    ],
    ["a column added stays", "ALTER TABLE d.t ADD COLUMN note VARCHAR", both],
    ["the dataset dropped begins anew", "DROP SCHEMA d CASCADE", [two]],
    [
      "dlt's own tables dropped come back",
      "DROP TABLE d._dlt_loads; DROP TABLE d._dlt_version; DROP TABLE d._dlt_pipeline_state",
      both,
    ],
    ["_dlt_loads alone dropped comes back", "DROP TABLE d._dlt_loads", both],
    ["_dlt_version alone dropped comes back", "DROP TABLE d._dlt_version", both],
    [
      "a table that differs only in case is the table",
      'ALTER TABLE d.t RENAME TO x; ALTER TABLE d.x RENAME TO "T"',
      both,
    ],
    [
      "a column that differs only in case is the column",
      'ALTER TABLE d.t RENAME name TO x; ALTER TABLE d.t RENAME x TO "Name"',
      both,
    ],
    ["a dataset that differs only in case is the dataset", 'DROP SCHEMA d CASCADE; CREATE SCHEMA "D"', [two]],
    ["a column made wider takes the values", "ALTER TABLE d.t ALTER id TYPE HUGEINT", both],
    ["a column made text takes the values", "ALTER TABLE d.t ALTER id TYPE VARCHAR", both],
  ])("%s", async (_, statements, after) => {
    for (const hints of [{}, merged]) {
      await using p = await changed(statements, hints);
      expect((await p.run(rowsOf(second, hints))).kind).toBe("new");
      expect(await p.sql(rows)).toEqual(after);
    }
  });

  test("a nested table dropped comes back, and merges", async () => {
    await using p = await changed("DROP TABLE d.t__tags", merged);
    await p.run(rowsOf([...first, ...second], merged));
    expect(await p.sql("SELECT value FROM d.t__tags ORDER BY 1")).toEqual([["a"], ["b"], ["c"]]);
  });

  test("the row ids dropped: they are given anew, so that merging still finds the rows", async () => {
    await using p = await changed("ALTER TABLE d.t DROP COLUMN _dlt_id", merged);
    await p.run(rowsOf([{ id: 1, name: "new", price: 0, tags: [] }], merged));
    expect(await p.sql(rows)).toEqual([["1", "new", 0]]);
  });
});

describe("what was changed so that rows do not fit", () => {
  test.each<[what: string, change: string, says: string, repair: string]>([
    [
      "a type that would round",
      "ALTER TABLE d.t ALTER price TYPE BIGINT",
      'The column "price" of "t" is BIGINT',
      "ALTER TABLE d.t ALTER price TYPE DOUBLE; UPDATE d.t SET price = 1.5",
    ],
    [
      "a type that would overflow",
      "ALTER TABLE d.t ALTER id TYPE SMALLINT",
      'The column "id" of "t" is SMALLINT',
      "ALTER TABLE d.t ALTER id TYPE BIGINT",
    ],
    [
      "a type that takes other values",
      "ALTER TABLE d.t ALTER name TYPE INTEGER USING 0",
      'The column "name" of "t" is INTEGER',
      "ALTER TABLE d.t ALTER name TYPE VARCHAR USING 'one'",
    ],
    [
      "a view in the table's place",
      "ALTER TABLE d.t RENAME TO x; CREATE VIEW d.t AS FROM d.x",
      '"t" in d is a view',
      "DROP VIEW d.t; ALTER TABLE d.x RENAME TO t",
    ],
    [
      "a column that must have a value",
      "ALTER TABLE d.t ADD COLUMN note VARCHAR DEFAULT ''; ALTER TABLE d.t ALTER note SET NOT NULL; ALTER TABLE d.t ALTER note DROP DEFAULT",
      'the column "note"',
      "ALTER TABLE d.t DROP COLUMN note",
    ],
    [
      "a unique index",
      "CREATE UNIQUE INDEX u ON d.t (_dlt_load_id); DELETE FROM d.t",
      "a constraint that the rows do not meet",
      "DROP INDEX d.u; INSERT INTO d.t (id, name, price, _dlt_load_id, _dlt_id) VALUES (1, 'one', 1.5, 'x', 'y')",
    ],
  ])("%s: nothing is loaded, and after the repair the package is", async (_, change, says, repair) => {
    await using p = await changed(change);
    const source = rowsOf([...second, { id: 3 }]);
    const error = await p.failure(source);
    expect(error).toMatchObject({ code: "TABLE_CHANGED", transient: false });
    expect(error.message).toContain(says);
    expect(error.hint).toContain("The package is kept".slice(4));
    for (const statement of repair.split(";")) await p.sql(statement);
    expect((await p.run(source)).kind).toBe("unfinished");
    expect(await p.sql(rows)).toEqual([one, two, ["3", null, null]]);
  });
});
