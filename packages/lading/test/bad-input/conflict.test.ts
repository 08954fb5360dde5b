import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { incremental, resource, type Resource } from "../../src/resource/index.ts";
import { place } from "./place.ts";
import { rowsOf } from "./rows-of.ts";

/** Whatever the API has after the cursor; something happens while it is read. */
function since(all: readonly number[], happens: () => unknown = () => {}): Resource {
  return resource(
    { name: "t", primaryKey: "id", incremental: incremental("id", { initialValue: 0 }) },
    async function* () {
      yield all.map((id) => ({ id }));
      await happens();
    },
  );
}

describe("another machine that loads the same pipeline between a run's beginning and its commit", () => {
  test("is noticed: nothing is loaded twice, the package is kept, and --fresh goes on from the other's load", async () => {
    await using p = await place();
    const elsewhere = p.with({ home: "elsewhere" });
    await p.run(since([1]));
    const error = await p.failure(since([1, 2], () => elsewhere.run(since([1, 2, 3]))));
    expect(error).toMatchObject({ code: "CONFLICT", transient: false });
    expect(error.hint).toContain("--fresh");
    expect(await p.sql("SELECT id FROM d.t ORDER BY id")).toEqual([["1"], ["2"], ["3"]]);

    expect(await p.failure(since([1, 2, 3, 4])), "without being asked, nothing is dropped").toMatchObject({
      code: "CONFLICT",
    });

    const result = await p.run(since([1, 2, 3, 4]), { fresh: true });
    expect(result.kind).toBe("new");
    expect(result.warnings).toEqual([expect.stringMatching(/CONFLICT.*set aside in .*set-aside/) as string]);
    expect(await p.sql("SELECT id FROM d.t ORDER BY id")).toEqual([["1"], ["2"], ["3"], ["4"]]);
    const [aside] = await readdir(join(p.home, "p", "set-aside"));
    expect(await readdir(join(p.home, "p", "set-aside", aside!))).toEqual(
      expect.arrayContaining(["manifest.json", "rows"]) as string[],
    );
    expect((await p.run(since([1, 2, 3, 4, 5]))).warnings).toEqual([]);
    expect(await p.sql("SELECT count(*), count(DISTINCT id) FROM d.t")).toEqual([["5", "5"]]);
  });

  test("before there was anything at all", async () => {
    await using p = await place();
    const elsewhere = p.with({ home: "elsewhere" });
    expect(await p.failure(since([1], () => elsewhere.run(since([1, 2]))))).toMatchObject({ code: "CONFLICT" });
    await p.run(since([1, 2, 3]), { fresh: true });
    expect(await p.sql("SELECT id FROM d.t ORDER BY id")).toEqual([["1"], ["2"], ["3"]]);
  });

  test("in another dataset or another pipeline is none of its business", async () => {
    await using p = await place();
    await p.run(since([1], () => p.with({ home: "elsewhere", dataset: "other" }).run(since([1]))));
    await p.run(since([2], () => p.with({ home: "elsewhere", name: "q" }).run(rowsOf([{ id: 9 }], { name: "other" }))));
    expect(await p.sql("SELECT id FROM d.t ORDER BY id")).toEqual([["1"], ["2"]]);
  });

  test("--fresh sets nothing aside that can still be loaded", async () => {
    await using p = await place();
    await p.run(since([1]));
    await p.sql("CREATE VIEW d.late AS SELECT 1 AS id");
    const late = rowsOf([{ id: 2 }], { name: "late" });
    expect(await p.failure(late)).toMatchObject({ code: "TABLE_CHANGED" });
    await p.sql("DROP VIEW d.late");
    expect((await p.run(late, { fresh: true })).kind).toBe("unfinished");
    expect(await p.sql("SELECT id FROM d.late")).toEqual([["2"]]);
  });
});
