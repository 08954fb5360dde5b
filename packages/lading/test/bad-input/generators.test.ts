import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { page, resource } from "../../src/resource/index.ts";
import { place } from "./place.ts";
import { generated, rowsOf } from "./rows-of.ts";

const ids = "SELECT id FROM d.t ORDER BY id";

describe("a generator that throws", () => {
  test.each([
    ["at once", 0],
    ["after some pages", 2],
    ["after the last page", 5],
  ])("%s: nothing is loaded, and run again it is read from its start", async (_, failing) => {
    await using p = await place();
    await p.run(rowsOf([{ id: -1 }]));
    let broken = true;
    const source = generated(function* () {
      for (let id = 0; id < 5; id++) {
        if (broken && id === failing) throw new TypeError("the API changed");
        yield [{ id }];
      }
      if (broken) throw new TypeError("the API changed");
    });
    const error = await p.failure(source);
    expect(error).toMatchObject({
      code: "RESOURCE_FAILED",
      details: { resource: "t" },
      cause: expect.any(TypeError) as unknown,
    });
    expect(error.message).toContain("the API changed");
    expect(await p.sql(ids)).toEqual([["-1"]]);
    broken = false;
    await p.run(source);
    expect(await p.sql(ids)).toEqual([["-1"], ["0"], ["1"], ["2"], ["3"], ["4"]]);
  });

  test("something that is no error", async () => {
    await using p = await place();
    for (const thrown of ["text", undefined, null, 5, { message: "object" }]) {
      const error = await p.failure(
        generated(() => {
          // oxlint-disable-next-line typescript/only-throw-error -- what a careless generator does
          throw thrown;
        }),
      );
      expect(error).toMatchObject({ code: "RESOURCE_FAILED", cause: thrown });
    }
  });

  test("in one of two resources: the other's rows are not loaded without it, and are not read again", async () => {
    await using p = await place();
    let broken = true;
    let reads = 0;
    const good = resource("good", function* () {
      reads++;
      yield [{ id: 1 }];
    });
    const bad = resource("bad", async function* () {
      await sleep(20);
      if (broken) throw new Error("down");
      yield [{ id: 2 }];
    });
    expect(await p.failure([good, bad])).toMatchObject({ code: "RESOURCE_FAILED" });
    expect(await p.sql("SELECT count(*) FROM duckdb_tables()")).toEqual([["0"]]);
    broken = false;
    expect((await p.run([good, bad])).kind).toBe("unfinished");
    expect(await p.sql("SELECT (SELECT list(id) FROM d.good), (SELECT list(id) FROM d.bad)")).toEqual([[["1"], ["2"]]]);
    expect(reads).toBe(1);
  });
});

describe("a generator that yields nothing", () => {
  test.each<[what: string, items: readonly unknown[]]>([
    ["at all", []],
    ["but undefined and null", [undefined, null]],
    ["but empty pages", [[], [], page({ rows: [] })]],
  ])("%s makes no table, and no error", async (_, items) => {
    await using p = await place();
    await p.run(generated(() => items));
    expect(await p.sql("SELECT table_name FROM duckdb_tables() WHERE table_name = 't'")).toEqual([]);
    expect((await p.run(generated(() => items))).kind).toBe("nothing");
  });

  test("empties a table that is replaced, nested ones too", async () => {
    await using p = await place();
    const replaced = { writeDisposition: "replace" } as const;
    await p.run(rowsOf([{ id: 1, l: [1, 2] }], replaced));
    await p.run(rowsOf([], replaced));
    expect(await p.sql("SELECT (SELECT count(*) FROM d.t), (SELECT count(*) FROM d.t__l)")).toEqual([["0", "0"]]);
  });
});

describe("a run that is stopped", () => {
  test("before it begins does nothing", async () => {
    await using p = await place();
    let reads = 0;
    const error = await p.failure(
      generated(() => (reads++, [{ id: 1 }])),
      { signal: AbortSignal.abort(new Error("no time")) },
    );
    expect(error).toMatchObject({ code: "ABORTED", transient: true, cause: { message: "no time" } });
    expect(reads).toBe(0);
    await p.run(rowsOf([{ id: 1 }]));
  });

  test.each<[what: string, read: () => AsyncGenerator]>([
    [
      "yields for ever",
      async function* () {
        for (let id = 0; ; id++) {
          yield [{ id }];
          await new Promise(setImmediate);
        }
      },
    ],
    [
      "waits for ever and hears no signal",
      async function* () {
        yield [{ id: 0 }];
        await new Promise(() => {});
      },
    ],
  ])("while a generator %s: it ends at once, with nothing loaded", async (_, read) => {
    await using p = await place();
    const stop = new AbortController();
    const error = await p.failure(generated(read), {
      signal: stop.signal,
      onEvent: (event) => void (event.type === "page" && stop.abort()),
    });
    expect(error).toMatchObject({ code: "ABORTED" });
    expect(await p.sql("SELECT count(*) FROM duckdb_tables()")).toEqual([["0"]]);
    await p.run(rowsOf([{ id: 7 }]));
    expect(await p.sql(ids)).toEqual([["7"]]);
  });

  test("while a resource that can go on is read: the next run goes on there", async () => {
    await using p = await place();
    const read: number[] = [];
    const source = resource("t", async function* ({ position }) {
      for (let id = typeof position === "number" ? position : 0; id < 6; id++) {
        read.push(id);
        yield page({ rows: [{ id }], position: id + 1 });
      }
    });
    const stop = new AbortController();
    const options = {
      signal: stop.signal,
      onEvent: (event: { readonly type: string }) => void (event.type === "page" && read.length > 3 && stop.abort()),
    };
    expect(await p.failure(source, options)).toMatchObject({ code: "ABORTED" });
    const before = read.length;
    expect((await p.run(source)).kind).toBe("unfinished");
    expect(read[before]).toBeGreaterThan(0);
    expect(await p.sql(ids)).toEqual([["0"], ["1"], ["2"], ["3"], ["4"], ["5"]]);
  });

  test("while it loads: the package is kept", async () => {
    await using p = await place();
    const stop = new AbortController();
    let reads = 0;
    const source = generated(() => (reads++, [{ id: 1 }]));
    expect(
      await p.failure(source, {
        signal: stop.signal,
        onEvent: (event) => void (event.type === "load-started" && stop.abort()),
      }),
    ).toMatchObject({
      code: "ABORTED",
      hint: expect.stringContaining("package is kept") as string,
    });
    expect((await p.run(source)).kind).toBe("unfinished");
    expect(reads).toBe(1);
  });
});
