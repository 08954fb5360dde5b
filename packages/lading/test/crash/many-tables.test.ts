import * as fc from "fast-check";
import { expect, test } from "vitest";
import { page, resource, source, type ResourceHints, type Source } from "../../src/index.ts";
import { contentDifference } from "../../src/testing/index.ts";
import { arena } from "./arena.ts";

interface Row {
  readonly id: number;
  readonly t: string;
  readonly l: readonly number[];
}

/**
 * Resources that fill many tables: one goes on where it was, one cannot, and one shares a table of the first.
 *
 * @param apart the one that cannot go on has tables of its own
 */
function shop(hints: ResourceHints<"id">, apart: boolean): Source {
  const rows = (step: number, from: number): Row[] =>
    [0, 1, 2].map((n) => ({ id: from + step * 3 + n, t: `t${(step + n) % 4}`, l: [n] }));
  const tableName = ({ t }: Row): string => t;
  const goesOn = resource({ name: "goes_on", ...hints, tableName }, async function* ({ position }) {
    for (let step = Number(position ?? 0); step < 6; step++) {
      await Promise.resolve();
      yield page({ rows: rows(step, 0), position: step < 5 ? step + 1 : null });
    }
  });
  const own = ({ t }: Row): string => (apart ? `own_${t}` : t);
  const beginsAnew = resource({ name: "begins_anew", ...hints, tableName: own }, async function* () {
    for (let step = 0; step < 6; step++) {
      await Promise.resolve();
      yield rows(step, 100);
    }
  });
  const shares = resource({ name: "shares", ...hints, tableName: "t1" }, async function* ({ position }) {
    for (let step = Number(position ?? 0); step < 6; step++) {
      await Promise.resolve();
      yield page({ rows: [{ id: 200 + step, more: step }], position: step < 5 ? step + 1 : null });
    }
  });
  return source("shop", [goesOn, shares, beginsAnew]);
}

test("wherever a load of many tables is killed, they are as if it had not been", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<ResourceHints<"id">>(
        {},
        { writeDisposition: "replace" },
        { writeDisposition: { disposition: "replace", strategy: "insert-from-staging" } },
        { writeDisposition: { disposition: "merge", strategy: "upsert" }, primaryKey: "id" },
      ),
      fc.noBias(fc.integer({ min: 0, max: 999 })),
      fc.constantFrom("stop", "stop-half", "error-half"),
      fc.constantFrom(undefined, 100),
      fc.boolean(),
      async (hints, kill, kind, partBytes, apart) => {
        const how = { options: { ...(partBytes !== undefined && { partBytes }) } };
        await using undisturbed = await arena();
        const whole = await undisturbed.run(shop(hints, apart), how);
        if (whole.outcome.type === "failed") throw whole.outcome.error;
        await using place = await arena();
        const at = 1 + Math.floor((kill / 1000) * whole.points.names.length);
        await place.run(shop(hints, apart), { ...how, fault: { at, kind }, losesUnsynced: kind === "stop-half" });
        await place.finish(() => shop(hints, apart), (await undisturbed.content()).loads);
        const { other, ...rows } = contentDifference(await undisturbed.content(), await place.content());
        expect(rows).toEqual({ lost: [], doubled: [] });
        // Which of two resources came to a table first, and declared it, is not the same after a new beginning.
        expect(other.filter((one) => apart || !one.startsWith("schemas:"))).toEqual([]);
      },
    ),
    { numRuns: process.env["WALK"] === "full" ? 150 : 12 },
  );
}, 600_000);
