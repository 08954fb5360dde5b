import { describe, expect, test } from "vitest";
import { exitCodeOf } from "../../src/cli/exit-codes.ts";
import { DuckDBInstance } from "@duckdb/node-api";
import { holdDatabase, type Holder } from "./hold-database.ts";
import { failureOf, place } from "./place.ts";
import { generated, rowsOf, rowsWhile } from "./rows-of.ts";

const ids = "SELECT id FROM d.t ORDER BY id";

describe("a database that another process has open", () => {
  test("at the start: nothing is read, and the next run is a new one", async () => {
    await using p = await place();
    await p.run(rowsOf([{ id: 1 }]));
    const holder = await holdDatabase(p.file);
    let reads = 0;
    const source = generated(function* () {
      reads++;
      yield { id: 2 };
    });
    const error = await p.failure(source);
    expect(error).toMatchObject({ code: "DESTINATION_LOCKED", transient: true });
    expect(error.hint).toContain("Close the other program");
    expect(String(error.cause)).toContain(`PID ${holder.pid}`);
    expect(exitCodeOf(error, new AbortController().signal)).toBe(3);
    expect(reads).toBe(0);
    await holder.release();
    expect((await p.run(source)).kind).toBe("new");
    expect(await p.sql(ids)).toEqual([["1"], ["2"]]);
  });

  test("at the load: the package is kept, and the next run loads it without reading again", async () => {
    await using p = await place();
    await p.run(rowsOf([{ id: 1 }]));
    let holder: Holder | undefined;
    let reads = 0;
    const source = rowsWhile([{ id: 2 }], async () => {
      reads++;
      holder = await holdDatabase(p.file);
    });
    expect(await p.failure(source)).toMatchObject({ code: "DESTINATION_LOCKED" });
    expect(await p.failure(source), "still held").toMatchObject({ code: "DESTINATION_LOCKED" });
    await holder!.release();
    expect(await p.sql(ids)).toEqual([["1"]]);
    const result = await p.run(source);
    expect(result).toMatchObject({ kind: "unfinished", loads: [{ tables: { t: { rows: 1, total: 2 } } }] });
    expect(reads).toBe(1);
    expect(await p.sql(ids)).toEqual([["1"], ["2"]]);
  });
});

describe("a database that is open in the same process", () => {
  test("is shared where it was opened without settings", async () => {
    await using p = await place();
    await p.run(rowsOf([{ id: 1 }]));
    const instance = await DuckDBInstance.fromCache(p.file);
    const connection = await instance.connect();
    try {
      await p.run(rowsOf([{ id: 2 }]));
      expect((await connection.runAndReadAll(ids)).getRowsJson()).toEqual([["1"], ["2"]]);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });

  test("is said to be in use where it has settings of its own", async () => {
    await using p = await place();
    const instance = await DuckDBInstance.fromCache(p.file, { threads: "2" });
    const error = await p.failure(rowsOf([{ id: 1 }]));
    expect(error).toMatchObject({ code: "DESTINATION_LOCKED" });
    expect(error.hint).toContain("fromCache");
    instance.closeSync();
    await p.run(rowsOf([{ id: 1 }]));
  });
});

describe("two runs at once", () => {
  test("of one pipeline: the second says who holds it, and ends with exit code 4", async () => {
    await using p = await place();
    let inside: unknown;
    await p.run(
      rowsWhile([{ id: 1 }], async () => {
        inside = await p.failure(rowsOf([{ id: 2 }]));
      }),
    );
    expect(inside).toMatchObject({ code: "PIPELINE_LOCKED", transient: true, details: { pid: process.pid } });
    expect(exitCodeOf(inside, new AbortController().signal)).toBe(4);
    expect(await p.sql(ids)).toEqual([["1"]]);
    await p.run(rowsOf([{ id: 2 }]));
  });

  test("of several pipelines into one database take turns", async () => {
    await using p = await place();
    const names = ["p", "q", "r", "s"];
    await Promise.all(
      names.map((name, index) =>
        p.with({ name, dataset: name === "s" ? "other" : "d" }).run(rowsOf([{ id: index, l: [index] }])),
      ),
    );
    expect(await p.sql(ids)).toEqual([["0"], ["1"], ["2"]]);
    expect(await p.sql("SELECT id FROM other.t")).toEqual([["3"]]);
    expect(await p.sql("SELECT count(*) FROM d._dlt_loads")).toEqual([["3"]]);
    expect(await p.sql("SELECT DISTINCT pipeline_name FROM d._dlt_pipeline_state ORDER BY 1")).toEqual([
      ["p"],
      ["q"],
      ["r"],
    ]);
  });

  test("of two pipelines with the same rows and key in one table: the one that loads last wins", async () => {
    await using p = await place();
    const hints = { writeDisposition: "merge", primaryKey: "id" } as const;
    const runs = [1, 2, 3].map((n) => p.with({ name: `p${n}` }).run(rowsOf([{ id: 1, n, l: [n] }], hints)));
    await Promise.all(runs);
    const [row] = await p.sql("SELECT count(*), any_value(n) FROM d.t");
    expect(row?.[0]).toBe("1");
    expect(await p.sql("SELECT value FROM d.t__l")).toEqual([[row?.[1]]]);
  });

  test("leave the database free at their end", async () => {
    await using p = await place();
    await p.run(rowsOf([{ id: 1 }]));
    await failureOf(
      p.run(
        generated(() => {
          throw new Error("boom");
        }),
      ),
    );
    const holder = await holdDatabase(p.file);
    expect(holder.pid).not.toBe(process.pid);
    await holder.release();
  });
});
