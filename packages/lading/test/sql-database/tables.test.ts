import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { incremental, type PipelineSource } from "../../src/index.ts";
import {
  listTables,
  sql,
  sqlDatabase,
  sqlTable,
  type SqlDatabaseOptions,
  type TableOptions,
} from "../../src/sources/sql-database/index.ts";
import { place } from "../sources/place.ts";
import { engines } from "./engines.ts";

describe.each(engines)("a table of %s", { timeout: 60_000 }, (kind, engine) => {
  beforeAll(() => engine.start());
  afterAll(() => engine.stop());

  const shop = (tables: SqlDatabaseOptions["tables"], options: Partial<SqlDatabaseOptions> = {}): PipelineSource =>
    sqlDatabase({ credentials: engine.url(), schema: "shop", ...options, tables });
  const numbers = (count: number): string =>
    kind === "DuckDB"
      ? `SELECT CAST(range AS BIGINT) AS n FROM range(1, ${count + 1})`
      : `SELECT n::bigint AS n FROM generate_series(1, ${count}) AS n`;

  test("without rows is declared, with its columns", async () => {
    await engine.prepare("CREATE TABLE orders (id BIGINT PRIMARY KEY, total DECIMAL(10,2), moment TIMESTAMP)");
    await using there = await place();
    await there.run(shop(["orders"]));
    await engine.run("INSERT INTO orders VALUES (1, 1.5, '2024-01-01')");
    expect(await there.schema("sql_database")).toMatchObject({
      tables: {
        orders: {
          columns: {
            id: { data_type: "bigint", nullable: false, primary_key: true },
            total: { data_type: "decimal", precision: 10, scale: 2, nullable: true },
            moment: { data_type: "timestamp", timezone: false },
          },
        },
      },
    });
    await there.run(shop(["orders"]));
    expect(await there.rows("SELECT id, total FROM d.orders")).toEqual([["1", "1.50"]]);
  });

  test("is read with the columns that are chosen", async () => {
    await engine.prepare(
      "CREATE TABLE people (id BIGINT PRIMARY KEY, name VARCHAR, secret VARCHAR)",
      "INSERT INTO people VALUES (1, 'Ada', 'x')",
    );
    await using there = await place();
    await there.run(
      shop([
        { table: "people", excludedColumns: ["secret"] },
        { table: "people", name: "names", includedColumns: ["name"] },
      ]),
    );
    expect(await there.rows("SELECT * EXCLUDE (_dlt_id, _dlt_load_id) FROM d.people")).toEqual([["1", "Ada"]]);
    expect(await there.rows("SELECT * EXCLUDE (_dlt_id, _dlt_load_id) FROM d.names")).toEqual([["Ada"]]);
    await expect(there.run(shop([{ table: "people", excludedColumns: ["secrets"] }]))).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining('Did you mean "secret"?') as string,
    });
  });

  test("with odd names, and a view", async () => {
    await engine.prepare(
      `CREATE TABLE "Order ""Lines""" ("Line No" BIGINT, "2" VARCHAR, "1" VARCHAR, "select" VARCHAR, "__proto__" VARCHAR)`,
      `INSERT INTO "Order ""Lines""" VALUES (1, 'b', 'a', 's', 'p')`,
      `CREATE VIEW seen AS SELECT "Line No" AS line FROM "Order ""Lines"""`,
    );
    await using there = await place();
    await there.run(shop(['Order "Lines"', "seen"]));
    expect(await there.rows("SELECT * EXCLUDE (_dlt_id, _dlt_load_id) FROM d.order_linesx")).toEqual([
      ["1", "b", "a", "s", "p"],
    ]);
    expect(await there.rows("SELECT line FROM d.seen")).toEqual([["1"]]);
  });

  test("is found among the others", async () => {
    await engine.prepare(
      "CREATE TABLE orders (id BIGINT)",
      "CREATE TABLE customers (id BIGINT)",
      "CREATE VIEW seen AS SELECT 1 AS one",
    );
    const where = { credentials: engine.url(), schema: "shop" };
    expect(await listTables(where)).toEqual(["customers", "orders"]);
    expect(await listTables({ ...where, includeViews: true })).toEqual(["customers", "orders", "seen"]);
  });

  test("that shrinks is read down to where the last run was", async () => {
    await engine.prepare(
      "CREATE TABLE orders (id BIGINT PRIMARY KEY, changed TIMESTAMP)",
      "INSERT INTO orders VALUES (1, '2024-01-02 00:00:00.000700'), (2, '2024-01-02 00:00:00.000900')",
    );
    await using there = await place();
    const down = shop([{ table: "orders", incremental: incremental("changed", { lastValueFunc: "min" }) }]);
    await there.run(down);
    await engine.run("INSERT INTO orders VALUES (3, '2024-01-02 00:00:00.000650'), (4, '2024-01-02 00:00:00.000800')");
    await there.run(down);
    expect(await there.rows("SELECT id FROM d.orders ORDER BY id")).toEqual([["1"], ["2"], ["3"]]);
  });

  test("that is not there is an error that names those like it", async () => {
    await engine.prepare("CREATE TABLE orders (id BIGINT)");
    await using there = await place();
    await expect(there.run(shop(["order"]))).rejects.toMatchObject({
      code: "SOURCE_NOT_FOUND",
      message: expect.stringContaining('Did you mean "orders"?') as string,
    });
  });

  test("is asked for less by an adapter, whose values are never SQL", async () => {
    await engine.prepare(
      "CREATE TABLE orders (id BIGINT PRIMARY KEY, status VARCHAR)",
      "INSERT INTO orders VALUES (1, 'paid'), (2, 'it''s \\ \"open\"'), (3, 'lost'), (4, 'paid')",
    );
    await using there = await place();
    const wanted: TableOptions["queryAdapter"] = (query) =>
      query.where(sql`${sql.identifier("status")} IN ${["paid", `it's \\ "open"`]}`).where(sql`id > ${1} AND ${true}`);
    await there.run(shop([{ table: "orders", queryAdapter: wanted }]));
    expect(await there.rows("SELECT id FROM d.orders ORDER BY id")).toEqual([["2"], ["4"]]);
    await there.run(shop([{ table: "orders", name: "first", queryAdapter: (query) => query.limit(2) }]));
    expect(await there.rows("SELECT id FROM d.first ORDER BY id")).toEqual([["1"], ["2"]]);
  });

  test("is read incrementally by a column: the database gives only what is new, and each row comes once", async () => {
    await engine.prepare(
      "CREATE TABLE orders (id BIGINT PRIMARY KEY, changed TIMESTAMP NOT NULL)",
      "INSERT INTO orders VALUES (1, '2024-01-01 00:00:00.000001'), (2, '2024-01-02'), (3, '2024-01-02')",
    );
    await using there = await place();
    const byTime = shop([{ table: "orders", incremental: incremental("changed") }]);
    await there.run(byTime);
    await engine.run("INSERT INTO orders VALUES (4, '2024-01-02'), (5, '2024-01-03'), (6, '2023-12-31')");
    const second = await there.run(byTime);
    expect(second.resources).toMatchObject({ orders: { rows: 2 } });
    expect(await there.rows("SELECT id FROM d.orders ORDER BY id")).toEqual([["1"], ["2"], ["3"], ["4"], ["5"]]);
    expect((await there.run(byTime)).resources).toMatchObject({ orders: { rows: 0 } });
    // Python's dlt has datetimes there.
    expect((await there.states()).at(-1)?.sources).toMatchObject({
      sql_database: {
        resources: { orders: { incremental: { changed: { last_value: "\uf0272024-01-03T00:00:00" } } } },
      },
    });
  });

  test("can have its cursor in the settings, with dlt's keys", async () => {
    await engine.prepare(
      "CREATE TABLE orders (id BIGINT PRIMARY KEY, changed TIMESTAMP)",
      "INSERT INTO orders VALUES (1, '2024-01-01'), (2, '2024-02-01'), (3, NULL)",
    );
    const cursor = {
      cursor_path: "changed",
      initial_value: "2024-01-15T00:00:00Z",
      on_cursor_value_missing: "include",
    };
    await using there = await place({
      sources: { sql_database: { credentials: engine.url(), schema: "shop", orders: { incremental: cursor } } },
    });
    await there.run(sqlDatabase({ tables: ["orders"] }));
    expect(await there.rows("SELECT id FROM d.orders ORDER BY id")).toEqual([["2"], ["3"]]);
    const [state] = await there.states();
    expect(state?.sources).toMatchObject({
      sql_database: {
        resources: { orders: { incremental: { changed: { last_value: "\uf0272024-02-01T00:00:00" } } } },
      },
    });
  });

  test("whose cursor is a decimal compares numbers, with every digit", async () => {
    await engine.prepare(
      "CREATE TABLE orders (id BIGINT PRIMARY KEY, total DECIMAL(20,10))",
      "INSERT INTO orders VALUES (1, 9), (2, 10), (3, 10.1234567891)",
    );
    await using there = await place();
    const byTotal = shop([{ table: "orders", incremental: incremental("total") }]);
    await there.run(byTotal);
    await engine.run("INSERT INTO orders VALUES (4, 9.5), (5, 11)");
    await there.run(byTotal);
    expect(await there.rows("SELECT id, total FROM d.orders ORDER BY id")).toEqual([
      ["1", "9.0000000000"],
      ["2", "10.0000000000"],
      ["3", "10.1234567891"],
      ["5", "11.0000000000"],
    ]);
  });

  test("says which tables its foreign keys mean, where that is asked for", async () => {
    await engine.prepare(
      "CREATE TABLE customers (id BIGINT PRIMARY KEY)",
      "CREATE TABLE orders (id BIGINT PRIMARY KEY, customer BIGINT REFERENCES customers (id))",
    );
    await using there = await place();
    await there.run(shop(["orders"], { resolveForeignKeys: true }));
    expect(await there.schema("sql_database")).toMatchObject({
      tables: {
        orders: {
          references: [{ columns: ["customer"], referenced_table: "customers", referenced_columns: ["id"] }],
        },
      },
    });
  });

  test("is merged by its own key", async () => {
    await engine.prepare(
      "CREATE TABLE orders (id BIGINT PRIMARY KEY, status VARCHAR)",
      "INSERT INTO orders VALUES (1, 'new'), (2, 'new')",
    );
    await using there = await place();
    const merged = shop([{ table: "orders", writeDisposition: "merge" }]);
    await there.run(merged);
    await engine.run("UPDATE orders SET status = 'paid' WHERE id = 2");
    await there.run(merged);
    expect(await there.rows("SELECT id, status FROM d.orders ORDER BY id")).toEqual([
      ["1", "new"],
      ["2", "paid"],
    ]);
  });

  test("can be refined like any resource, and what its hints say wins", async () => {
    await engine.prepare(
      "CREATE TABLE orders (id BIGINT PRIMARY KEY, total DECIMAL(10,2), data JSON)",
      `INSERT INTO orders VALUES (1, 1.5, '{"big": 9007199254740993, "lines": [{"sku": "a"}]}'), (2, 2, NULL)`,
    );
    await using there = await place();
    const orders = sqlTable({
      credentials: engine.url(),
      schema: "shop",
      table: "orders",
      columns: { total: { dataType: "text" } },
      typeAdapter: (column) => (column.dataType === "json" ? null : undefined),
    })
      .filter((row) => row["id"] === 1)
      .map((row) => ({ ...row, note: "seen" }));
    await there.run(orders);
    expect(await there.rows("SELECT id, total, data__big, note FROM d.orders")).toEqual([
      ["1", "1.50", "9007199254740993", "seen"],
    ]);
    expect(await there.rows("SELECT sku FROM d.orders__data__lines")).toEqual([["a"]]);
  });

  test("goes on behind the last page that was kept", async () => {
    await engine.prepare(`CREATE TABLE orders AS ${numbers(5000)}`, "ALTER TABLE orders ADD PRIMARY KEY (n)");
    await using there = await place();
    const orders = sqlTable({ credentials: engine.url(), schema: "shop", table: "orders", chunkSize: 500 });
    let fails = true;
    const broken = orders.filter((row) => {
      if (fails && row["n"] === 2700) throw new Error("broken");
      return true;
    });
    await expect(there.run(broken)).rejects.toThrow("broken");
    fails = false;
    await engine.run("DELETE FROM orders WHERE n < 100");
    await there.run(broken);
    expect(await there.rows("SELECT count(*), count(DISTINCT n), min(n), max(n) FROM d.orders")).toEqual([
      ["5000", "5000", "1", "5000"],
    ]);
  });
});

test("what was read is gone on with only where the database is the same, whoever asks it", () => {
  const of = (credentials: string): string => JSON.stringify(sqlTable({ credentials, table: "orders" }).fingerprint);
  const one = of("postgresql://ada:s3cret@db.example:5432/shop?sslmode=require");
  expect(of("postgresql://grace:other@db.example:5432/shop")).toBe(one);
  expect(of("postgresql://ada:s3cret@db.example:5432/copy")).not.toBe(one);
  expect(of("duckdb:///shop.duckdb")).not.toBe(of("duckdb:///copy.duckdb"));
  expect(one).not.toContain("s3cret");
});
