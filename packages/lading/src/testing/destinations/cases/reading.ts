import { deepStrictEqual, equal, ok, rejects } from "node:assert/strict";
import { LadingError } from "../../../errors/index.ts";
import type { CaseContext } from "../case-context.ts";
import { group, rowsOf } from "./group.ts";

const many = Array.from({ length: 7000 }, (_, id) => ({ id, text: `row ${id}` }));

const failsWith =
  (code: string) =>
  (error: unknown): boolean =>
    LadingError.is(error) && error.code === code;

/** The dataset of the case, as a user reads it. */
const dataset = (context: CaseContext) => context.pipeline(rowsOf([])).dataset();

/** What was loaded can be read. */
export const reading = group("reading", {
  async "a table: chosen columns, conditions, order and limit"(context) {
    await context.run(rowsOf(many));
    const table = dataset(context).table("t");
    equal(await table.count(), 7000);
    equal(await table.where("id", ">=", 6990).count(), 10);
    const rows = await table.select("id").where("id", "in", [5, 7, 6]).orderBy("id", "desc").limit(2).rows();
    deepStrictEqual(
      rows.map(({ id }) => Number(id)),
      [7, 6],
    );
    equal(await table.where("text", "like", "row 12%").count(), 111);
  },
  async "many rows arrive in batches, and one may leave early"(context) {
    await context.run(rowsOf(many));
    const data = dataset(context);
    let seen = 0;
    let pages = 0;
    for await (const page of data.table("t").pages()) {
      seen += page.length;
      pages++;
    }
    equal(seen, 7000);
    ok(pages > 1, "all rows came at once");
    for await (const row of data.table("t")) {
      ok("text" in row);
      break;
    }
    equal(await data.table("t").count(), 7000);
  },
  async "several queries at the same time, one within the other"(context) {
    await context.run(rowsOf(many));
    const data = dataset(context);
    const table = data.table("t");
    const counts = await Promise.all([1, 2, 3].map((limit) => table.where("id", "<", limit * 1000).rows()));
    deepStrictEqual(
      counts.map((rows) => rows.length),
      [1000, 2000, 3000],
    );
    let found = 0;
    for await (const page of table.orderBy("id").pages()) {
      const [row] = await table.where("id", "=", Number(page[0]!["id"])).rows();
      found += Number(row!["id"]);
      if (found > 0) break;
    }
    ok(found > 0);
  },
  async "SQL with values of every kind"(context) {
    const at = new Date(Date.UTC(2024, 0, 2, 3, 4, 5, 6));
    const row = { id: 1, s: "it's", n: 2 ** 40, f: 0.5, b: true, made: at, bytes: new Uint8Array([0, 255]) };
    await context.run(rowsOf([row, { id: 2 }]));
    const data = dataset(context);
    const ids = await data.sql<{ id: number }>`
      select id from t where s = ${row.s} and n = ${BigInt(row.n)} and f = ${row.f} and b = ${true}
        and made = ${at} and bytes = ${row.bytes} and id in (select id from ${data.table("t")} as all_of_it)`.rows();
    deepStrictEqual(ids, [{ id: 1 }]);
  },
  async "a query that is wrong is an error, and the next one is right"(context) {
    await context.run(rowsOf([{ id: 1 }]));
    const data = dataset(context);
    await rejects(data.sql`select nonsense from t`.rows(), failsWith("DESTINATION_FAILED"));
    await rejects(data.table("missing").rows(), failsWith("DESTINATION_FAILED"));
    equal(await data.table("t").count(), 1);
  },
  async "an error in the middle of a result"(context) {
    await context.run(rowsOf(many));
    const data = dataset(context);
    await rejects(
      data.sql`select 1 / (6500 - id) as x, cast(text as integer) as y from t order by id`.rows(),
      (error) => LadingError.is(error),
    );
    equal(await data.table("t").count(), 7000);
  },
  async "a dataset that is not there has no tables"(context) {
    deepStrictEqual(await dataset(context).tables(), []);
    await context.run(rowsOf([{ id: 1 }]), { dataset: "other" });
    deepStrictEqual(await dataset(context).tables(), []);
    await rejects(dataset(context).table("t").rows(), failsWith("DESTINATION_FAILED"));
  },
  async "columns of one name are all there"(context) {
    await context.run(rowsOf([{ id: 1, n: 2 }]));
    const [row] = await dataset(context)
      .sql`select a.id, b.n as id, a.n, a.id as n from t as a cross join t as b`.rows();
    deepStrictEqual(Object.values(row!), [1, 2, 2, 1]);
  },
  async "an empty table has no rows, and its columns"(context) {
    await context.run(rowsOf([{ id: 1 }], { writeDisposition: "replace" }));
    await context.run(rowsOf([], { writeDisposition: "replace" }));
    deepStrictEqual(await dataset(context).table("t").rows(), []);
    equal(await dataset(context).table("t").count(), 0);
  },
  async "tables of the dataset come before others of that name"(context) {
    await context.run(rowsOf([{ id: 1 }]), { dataset: "other" });
    await context.run(rowsOf([{ id: 2 }]));
    deepStrictEqual(await dataset(context).sql`select id from t`.rows(), [{ id: 2 }]);
  },
});
