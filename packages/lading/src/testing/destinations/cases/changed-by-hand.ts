import { deepStrictEqual, equal, match } from "node:assert/strict";
import type { SqlReader } from "../../../destination/sql-reader.ts";
import type { ResourceHints } from "../../../resource/index.ts";
import type { CaseContext } from "../case-context.ts";
import { group, holds, isWhole, merged, needing, rowsOf } from "./group.ts";

const first = [{ id: 1, name: "one", price: 1.5, tags: ["a", "b"] }];
const second = [{ id: 2, name: "two", price: 2.5, tags: ["c"] }];
const both = [
  [1, "one", 1.5],
  [2, "two", 2.5],
];

type Statements = (reader: SqlReader) => string | readonly string[];

/** Two loads, and a change between them that does not hinder. */
const after = (change: Statements, expected: readonly (readonly unknown[])[]) =>
  needing(["statements"], async (context) => {
    for (const [at, hints] of [{}, merged("delete-insert")].entries()) {
      const where = { dataset: `d${at}`, home: `home${at}` };
      await context.run(rowsOf(first, hints), where);
      await context.byHand(change, where);
      await context.run(rowsOf(second, hints), where);
      deepStrictEqual(await context.rows("t", ["id", "name", "price"], where), expected);
      deepStrictEqual((await context.content(where)).faults, []);
    }
  });

/** A change that rows do not fit: nothing is loaded, and after the repair the package is. */
const refused = (change: Statements, says: RegExp, repair: Statements) =>
  needing(["statements"], async (context) => {
    await context.run(rowsOf(first));
    await context.byHand(change);
    const loads = await context.loads();
    const error = await context.failure(rowsOf(second));
    equal(error.code, "TABLE_CHANGED");
    match(error.message, says);
    equal(await context.loads(), loads);
    await context.byHand(repair);
    equal((await context.run(rowsOf(second))).kind, "unfinished");
    await holds(context, ["id", "name", "price"], both);
  });

const withTags: ResourceHints = merged("delete-insert");
const alter = ({ qualify }: SqlReader, change: string): string => `ALTER TABLE ${qualify("t")} ${change}`;

async function mergesAgain(context: CaseContext, change: Statements): Promise<void> {
  await context.run(rowsOf(first, withTags));
  await context.byHand(change);
  await context.run(rowsOf([{ ...first[0]!, name: "new" }, ...second], withTags));
  await holds(
    context,
    ["id", "name"],
    [
      [1, "new"],
      [2, "two"],
    ],
  );
  await holds(context, ["value"], [["a"], ["b"], ["c"]], "t__tags");
  await isWhole(context);
}

/** What someone did in the database between two loads. */
export const changedByHand = group("changed by hand", {
  "a table that was dropped comes back": after(
    ({ qualify }) => [`DROP TABLE ${qualify("t__tags")}`, `DROP TABLE ${qualify("t")}`],
    [[2, "two", 2.5]],
  ),
  "a column that was dropped comes back, empty in older rows": after(
    (reader) => alter(reader, "DROP COLUMN name"),
    [
      [1, null, 1.5],
      [2, "two", 2.5],
    ],
  ),
  "a column that was added stays": after((reader) => alter(reader, "ADD COLUMN note VARCHAR"), both),
  "a column with a default that was added stays": after(
    (reader) => alter(reader, "ADD COLUMN note VARCHAR DEFAULT 'x'"),
    both,
  ),
  "dlt's own tables come back": after(
    ({ qualify }) => ["_dlt_version", "_dlt_pipeline_state"].map((table) => `DROP TABLE ${qualify(table)}`),
    both,
  ),
  "a column that was made text takes the values": after(
    (reader) => alter(reader, "ALTER COLUMN name SET DATA TYPE VARCHAR"),
    both,
  ),
  "rows that were deleted stay away": after(
    ({ qualify }) => [`DELETE FROM ${qualify("t__tags")}`, `DELETE FROM ${qualify("t")}`],
    [[2, "two", 2.5]],
  ),
  "a nested table that was dropped comes back, and merges": needing(["statements", "merge: delete-insert"], (context) =>
    mergesAgain(context, ({ qualify }) => `DROP TABLE ${qualify("t__tags")}`),
  ),
  "row ids that were dropped are given anew, so that merging finds the rows": needing(
    ["statements", "merge: delete-insert"],
    (context) =>
      mergesAgain(context, ({ qualify, quote }) => [
        `DELETE FROM ${qualify("t__tags")}`,
        `ALTER TABLE ${qualify("t")} DROP COLUMN ${quote("_dlt_id")}`,
      ]),
  ),
  "a type that would round is refused": refused(
    (reader) => alter(reader, "ALTER COLUMN price SET DATA TYPE BIGINT USING 1"),
    /"price" of "t"/,
    (reader) => [
      alter(reader, "DROP COLUMN price"),
      alter(reader, "ADD COLUMN price DOUBLE PRECISION DEFAULT 1.5"),
      alter(reader, "ALTER COLUMN price DROP DEFAULT"),
    ],
  ),
  "a type that would overflow is refused": refused(
    (reader) => alter(reader, "ALTER COLUMN id SET DATA TYPE SMALLINT"),
    /"id" of "t"/,
    (reader) => alter(reader, "ALTER COLUMN id SET DATA TYPE BIGINT"),
  ),
  "a view in the table's place is refused": refused(
    (reader) => [
      alter(reader, "RENAME TO kept"),
      `CREATE VIEW ${reader.qualify("t")} AS SELECT * FROM ${reader.qualify("kept")}`,
    ],
    /"t" in .* is a view/,
    ({ qualify }) => [`DROP VIEW ${qualify("t")}`, `ALTER TABLE ${qualify("kept")} RENAME TO t`],
  ),
  "a column that must have a value is refused": refused(
    (reader) => [
      alter(reader, "ADD COLUMN note VARCHAR DEFAULT ''"),
      alter(reader, "ALTER COLUMN note SET NOT NULL"),
      alter(reader, "ALTER COLUMN note DROP DEFAULT"),
    ],
    /"note"/,
    (reader) => alter(reader, "DROP COLUMN note"),
  ),
  "a constraint that rows do not meet is refused": refused(
    (reader) => `CREATE UNIQUE INDEX only_one ON ${reader.qualify("t__tags")} (_dlt_list_idx)`,
    /constraint/,
    (reader) => `DROP INDEX ${reader.qualify("only_one")}`,
  ),
});
