import { expect, test } from "vitest";
import { runSequence, type Runner, type Sequence } from "./run-sequence.ts";
import { describeWithDlt } from "./with-dlt.ts";

/** A case with one resource `t`, a step for each list of rows. */
function caseOf(steps: readonly (readonly object[])[], resource: object): string {
  const one = (rows: readonly object[]) => ({ resources: [{ name: "t", pages: [rows], ...resource }] });
  return JSON.stringify({ name: "boundary", steps: steps.map(one) });
}

/** The ids that are in the table in the end, in order. */
function idsOf({ steps }: Sequence): readonly number[] {
  const { columns, rows } = steps.at(-1)!.observed.tables["t"]!;
  const at = columns.findIndex(([name]) => name === "id");
  return rows!.map((row) => Number(row[at])).toSorted((a, b) => a - b);
}

const at = (text: string): object => ({ $time: text });

await describeWithDlt("rows at the boundary of two runs", ["1.26.0", "1.31.0"], ({ dlt, folder }) => {
  const loaded = async (text: string, runners: readonly Runner[], keepsFolders = false): Promise<readonly number[]> =>
    idsOf(await runSequence(text, runners, { folder: folder(), keepsFolders }));

  test("where 1.26 went on after 1.31, hashes of both lengths are known again", { timeout: 120_000 }, async () => {
    // Row 1 is remembered by the hash of 1.31, row 2 by that of 1.26.
    const rows = [[1], [2], [1, 2, 3]].map((ids) => ids.map((id) => ({ id, at: 5 })));
    const text = caseOf(rows, { primaryKey: "id", incremental: { cursorPath: "at" } });
    expect(await loaded(text, [dlt("1.31.0"), dlt("1.26.0"), "lading"])).toEqual([1, 2, 3]);
  });

  test.each(["1.26.0", "1.31.0"] as const)(
    "moments without a zone, of rows without a key, are those that dlt %s saw",
    { timeout: 120_000 },
    async (version) => {
      const rows = [
        [
          { id: 1, at: at("2024-01-01T00:00:00") },
          { id: 2, at: at("2024-01-02T00:00:00") },
        ],
        [
          { id: 2, at: at("2024-01-02T00:00:00") },
          { id: 3, at: at("2024-01-02T00:00:00") },
        ],
      ];
      const text = caseOf(rows, { incremental: { cursorPath: "at" } });
      expect(await loaded(text, [dlt(version), "lading"])).toEqual([1, 2, 3]);
    },
  );

  test("the same moments as texts go on where dlt's own dates ended", { timeout: 120_000 }, async () => {
    const dates = [{ id: 1, at: at("2024-01-01T00:00:00+00:00") }];
    const texts = [
      { id: 1, at: "2024-01-01T02:00:00+02:00" },
      { id: 2, at: "2024-01-01T00:00:00.5Z" },
    ];
    const text = caseOf([dates, texts], { primaryKey: "id", incremental: { cursorPath: "at" } });
    expect(await loaded(text, [dlt("1.31.0"), "lading"])).toEqual([1, 2]);
  });

  test("a working folder that dlt kept while Lading ran does no harm", { timeout: 120_000 }, async () => {
    const rows = [1, 2, 3, 4].map((last) =>
      Array.from({ length: last }, (_, index) => ({ id: index + 1, at: index + 1 })),
    );
    const text = caseOf(rows, { primaryKey: "id", incremental: { cursorPath: "at" } });
    const both = [dlt("1.31.0"), "lading"] as const;
    expect(await loaded(text, both, true)).toEqual([1, 2, 3, 4]);
    expect(await loaded(text, both.toReversed(), true)).toEqual([1, 2, 3, 4]);
  });

  test("nor where only the schema had moved on", { timeout: 120_000 }, async () => {
    const rows = [{ id: 1 }, { id: 2, new: "a" }, { id: 3, other: 1 }, { id: 4, new: "b", other: 2 }];
    const text = caseOf(
      rows.map((row) => [row]),
      {},
    );
    expect(await loaded(text, [dlt("1.31.0"), "lading"], true)).toEqual([1, 2, 3, 4]);
  });
});
