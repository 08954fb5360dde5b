import * as fc from "fast-check";
import { expect, test } from "vitest";
import { place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";
import { fastFolder } from "../crash/fast-folder.ts";
import { anyFields, cuts, exactOf, pageOf, split, textOf } from "./documents.ts";
import { expectTrees, numberOf } from "./expect-trees.ts";
import { lawTimeout, often } from "./runs.ts";
import { storedTrees } from "./stored-trees.ts";
import { treeOf } from "./tree.ts";

/** When each load's rows became valid. */
const boundaryOf = (load: number): string => `2026-01-${String(load + 1).padStart(2, "0")}T00:00:00Z`;
const instantOf = (load: number): string => String(Date.parse(boundaryOf(load)) * 1000);

interface Version {
  readonly n: number;
  readonly from: number;
  readonly to: number | undefined;
}

/** The versions after a load: what is valid and not in the snapshot is retired, what is in it and not valid begins. */
function after(versions: readonly Version[], load: number, snapshot: ReadonlySet<number>): readonly Version[] {
  // A run that finds nothing loads nothing.
  if (snapshot.size === 0) return versions;
  const valid = new Set(versions.filter(({ to }) => to === undefined).map(({ n }) => n));
  return [
    ...versions.map((one) => (one.to === undefined && !snapshot.has(one.n) ? { ...one, to: load } : one)),
    ...[...snapshot].filter((n) => !valid.has(n)).map((n) => ({ n, from: load, to: undefined })),
  ];
}

test(
  "a history gives what a model in memory gives: at each boundary the valid rows are the snapshot",
  async () => {
    const documents = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), anyFields), { minLength: 1, maxLength: 5 });
    // Rows that stand twice in a snapshot are one.
    const snapshot = fc.record({ rows: fc.array(fc.nat({ max: 4 }), { maxLength: 6 }), pages: cuts(2) });
    await fc.assert(
      fc.asyncProperty(documents, fc.array(snapshot, { minLength: 2, maxLength: 4 }), async (given, snapshots) => {
        const texts = given.map(([id, fields], n) => textOf({ n, id }, fields));
        const trees = texts.map((text) => treeOf(exactOf(text)));
        await using p = await place({ under: fastFolder });
        let versions: readonly Version[] = [];
        for (const [load, { rows, pages }] of snapshots.entries()) {
          const inIt = rows.filter((n) => n < texts.length);
          const parts = split(inIt, pages).map((some) => pageOf(some.map((n) => texts[n]!)));
          const boundaryTimestamp = boundaryOf(load);
          await p.run(
            rowsOf(parts, { writeDisposition: { disposition: "merge", strategy: "scd2", boundaryTimestamp } }),
          );
          versions = after(versions, load, new Set(inIt));
        }
        const stored = await storedTrees((statement) => p.sql(statement), "t");
        const shown = (n: number, from: string | undefined, to: string | undefined): string => `${n}: ${from} to ${to}`;
        expect(
          stored
            .map((row) => shown(numberOf(row), row.system.get("_dlt_valid_from"), row.system.get("_dlt_valid_to")))
            .toSorted(),
        ).toEqual(
          versions
            .map(({ n, from, to }) => shown(n, instantOf(from), to === undefined ? undefined : instantOf(to)))
            .toSorted(),
        );
        expectTrees(
          versions.map(({ n }) => trees[n]!),
          stored,
        );
      }),
      often(35),
    );
  },
  lawTimeout,
);
