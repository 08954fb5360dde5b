import { DuckDBInstance, DuckDBTimestampTZValue, DuckDBTimestampValue, type DuckDBValue } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import type { SqlReader } from "../destination/sql-reader.ts";
import { LadingError } from "../errors/index.ts";
import { createDataset } from "./dataset.ts";

/** A reader over DuckDB, as small as the tests need it; it counts what is open. */
async function database(...setUp: readonly string[]) {
  const instance = await DuckDBInstance.create(":memory:");
  const writer = await instance.connect();
  for (const sql of setUp) await writer.run(sql);
  const opened = { now: 0, ever: 0, queries: 0 };

  async function connect(): Promise<SqlReader> {
    const connection = await instance.connect();
    opened.now++;
    opened.ever++;
    return {
      async *query(sql, parameters) {
        opened.queries++;
        const result = await connection.stream(sql, parameters.map(bindable));
        for (;;) {
          const chunk = await result.fetchChunk();
          if (!chunk || chunk.rowCount === 0) return;
          yield chunk
            .getRowObjects(result.deduplicatedColumnNames())
            .map((row) => Object.fromEntries(Object.entries(row).map(([column, value]) => [column, plain(value)])));
        }
      },
      async tables() {
        const found = await connection.runAndReadAll("SELECT table_name FROM information_schema.tables ORDER BY 1");
        return found.getRows().map(([name]) => String(name));
      },
      quote: (name) => `"${name.replaceAll('"', '""')}"`,
      qualify: (table) => `"memory"."main"."${table.replaceAll('"', '""')}"`,
      async close() {
        opened.now--;
        connection.closeSync();
      },
    };
  }
  return { connect, opened };
}

function plain(value: DuckDBValue): unknown {
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue)
    return new Date(Number(value.micros / 1000n));
  return value;
}

function bindable(value: unknown): DuckDBValue {
  return value instanceof Date ? new DuckDBTimestampTZValue(BigInt(value.getTime()) * 1000n) : (value as DuckDBValue);
}

const tables = [
  "create table orders (id bigint, customer__name varchar, total double, placed_at timestamptz)",
  `insert into orders values (1, 'Ada', 120.5, '2024-05-01T00:00:00Z'), (2, 'Bo', 80, '2024-05-02T00:00:00Z'),
    (3, 'Ada', null, '2024-05-03T00:00:00Z')`,
  "create table orders__lines (sku varchar, quantity bigint, _dlt_parent_id varchar)",
];

interface Tables {
  readonly orders: {
    readonly id: number;
    readonly customer__name: string;
    readonly total: number | null;
    readonly placed_at: Date;
  };
  readonly orders__lines: { readonly sku: string; readonly quantity: number };
}

async function failure(run: () => Promise<unknown>): Promise<LadingError> {
  const error: unknown = await run().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!LadingError.is(error)) throw error;
  return error;
}

describe("a dataset", () => {
  test("gives rows with values as they were written", async () => {
    const { connect } = await database(...tables);
    const data = createDataset<Tables>(connect);
    expect(await data.table("orders").orderBy("id").limit(1).rows()).toEqual([
      { id: 1, customer__name: "Ada", total: 120.5, placed_at: new Date("2024-05-01T00:00:00Z") },
    ]);
    const seen: number[] = [];
    for await (const order of data.table("orders").orderBy("id", "desc").select("id")) seen.push(order.id);
    expect(seen).toEqual([3, 2, 1]);
  });

  test("selects, filters and counts; each step is a relation of its own", async () => {
    const { connect } = await database(...tables);
    const orders = createDataset<Tables>(connect).table("orders");
    const large = orders.where("total", ">", 100).select("customer__name");
    expect(await large.rows()).toEqual([{ customer__name: "Ada" }]);
    expect(await orders.count()).toBe(3);
    expect(await orders.limit(2).count()).toBe(2);
    expect(await orders.where("total", "is", null).count()).toBe(1);
    expect(await orders.where("id", "in", [1, 2, 9]).where("customer__name", "like", "A%").count()).toBe(1);
    expect(await orders.where("placed_at", ">=", new Date("2024-05-02T00:00:00Z")).count()).toBe(2);
  });

  test("takes SQL with values as parameters, and relations as queries", async () => {
    const { connect } = await database(...tables);
    const data = createDataset<Tables>(connect);
    const minimum = 50;
    const hostile = "'; drop table orders; --";
    const totals = data.sql<{ name: string; n: number }>`
      select customer__name as name, count(*) as n from orders
      where coalesce(total, ${minimum}) >= ${minimum} and customer__name <> ${hostile} group by 1 order by 1`;
    expect(await totals.rows()).toEqual([
      { name: "Ada", n: 2 },
      { name: "Bo", n: 1 },
    ]);
    const some = data.table("orders").where("id", ">", 1);
    expect(await data.sql`select count(*) as n from ${some} as part where id < ${3}`.rows()).toEqual([{ n: 1 }]);
    expect(await data.table("orders").count()).toBe(3);
  });

  test("lists its tables", async () => {
    const { connect } = await database(...tables);
    expect(await createDataset(connect).tables()).toEqual(["orders", "orders__lines"]);
  });

  test("an integer that a number cannot hold is an error, unless bigints are asked for", async () => {
    const { connect } = await database(
      "create table t as select 9007199254740993::bigint as id, [1::bigint, 2] as list",
    );
    const error = await failure(() => createDataset(connect).table("t").rows());
    expect(error.code).toBe("INTEGER_TOO_LARGE");
    expect(error.hint).toContain("varchar");
    expect(await createDataset(connect).sql`select id::varchar as id from t`.rows()).toEqual([
      { id: "9007199254740993" },
    ]);
    expect(await createDataset(connect, { integers: "bigint" }).table("t").select("id").rows()).toEqual([
      { id: 9007199254740993n },
    ]);
  });

  test("is connected only while something is read", async () => {
    const { connect, opened } = await database(...tables);
    const data = createDataset<Tables>(connect);
    const orders = data.table("orders");
    expect(opened).toEqual({ now: 0, ever: 0, queries: 0 });
    await Promise.all([orders.rows(), orders.count(), data.tables()]);
    expect(opened).toEqual({ now: 0, ever: 1, queries: 2 });
    for await (const _ of orders) {
      expect(opened.now).toBe(1);
      break;
    }
    expect(opened).toMatchObject({ now: 0, ever: 2 });
    await expect(data.sql`select nonsense from nowhere`.rows()).rejects.toThrow("nowhere");
    expect(opened.now).toBe(0);
  });

  test("tries again after a connection that failed", async () => {
    const { connect } = await database(...tables);
    let tries = 0;
    const data = createDataset<Tables>(() => (tries++ === 0 ? Promise.reject(new Error("down")) : connect()));
    await expect(data.table("orders").count()).rejects.toThrow("down");
    expect(await data.table("orders").count()).toBe(3);
  });

  test("is closed by close and by await using", async () => {
    const { connect, opened } = await database(...tables);
    const data = createDataset<Tables>(connect);
    const pages = data.table("orders").pages()[Symbol.asyncIterator]();
    await pages.next();
    await data[Symbol.asyncDispose]();
    expect(opened.now).toBe(0);
    expect((await failure(() => data.table("orders").rows())).message).toBe("The dataset is closed");
  });

  test("closed while the engine is at a query, it refuses the rows, and closes when the engine is done", async () => {
    const { connect, opened } = await database(...tables);
    const data = createDataset<Tables>(connect);
    const some = [data.table("orders").rows(), data.table("orders").count()];
    await data.close();
    for (const one of await Promise.allSettled(some))
      expect(one).toMatchObject({ status: "rejected", reason: { message: "The dataset is closed" } });
    expect(opened.now).toBe(0);
  });

  test("refuses what cannot be a query", async () => {
    const data = createDataset<Tables>((await database()).connect);
    expect(() => data.table("" as "orders")).toThrow("empty");
    expect(() => data.table("orders").select()).toThrow("at least one");
    expect(() => data.table("orders").limit(-1)).toThrow("whole number");
    expect(() => data.table("orders").orderBy("id", "down" as "asc")).toThrow('"asc" or "desc"');
    expect(() => data.sql("select 1" as never)).toThrow("template tag");
    expect(() => data.sql`select ${undefined}`).toThrow("Value 1");
  });
});
