import * as fc from "fast-check";
import { expect, test } from "vitest";
import { contentDifference, type FaultKind } from "../../src/testing/index.ts";
import { arena } from "../crash/arena.ts";
import { anyFields, cuts, split, textOf } from "./documents.ts";
import { dispositions, documentSource } from "./document-source.ts";
import { lawTimeout, often } from "./runs.ts";

interface Kill {
  /** Where, in thousandths of the load's steps. */
  readonly at: number;
  readonly kind: FaultKind;
  /** What was not synced is lost, as with the machine's power. */
  readonly losesUnsynced: boolean;
}

const kill: fc.Arbitrary<Kill> = fc.record({
  at: fc.noBias(fc.integer({ min: 0, max: 999 })),
  kind: fc.constantFrom("stop", "stop-half", "error", "error-half", "error-late"),
  losesUnsynced: fc.boolean(),
});
const load = fc.record({
  rows: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), anyFields), { minLength: 1, maxLength: 6 }),
  disposition: fc.constantFrom(...dispositions),
  pages: cuts(4),
  placed: fc.boolean(),
  kills: fc.array(kill, { maxLength: 2 }),
});

test(
  "a load that is killed and goes on changes nothing",
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(load, { minLength: 1, maxLength: 2 }), async (loads) => {
        await using undisturbed = await arena();
        await using place = await arena();
        let n = 0;
        for (const [index, { rows, disposition, pages, placed, kills }] of loads.entries()) {
          const texts = split(
            rows.map(([id, fields]) => textOf({ n: n++, id }, fields)),
            pages,
          );
          const make = (): ReturnType<typeof documentSource> => documentSource(texts, disposition, placed);
          const whole = await undisturbed.run(make());
          if (whole.outcome.type === "failed") throw whole.outcome.error;
          for (const { at, kind, losesUnsynced } of kills) {
            // A run after a load that was committed, and has nothing to tidy up, is another load.
            if ((await place.pending()).length === 0 && (await place.content()).loads > index) break;
            const fault = { at: 1 + Math.floor((at / 1000) * whole.points.names.length), kind };
            await place.run(make(), { fault, losesUnsynced: losesUnsynced && kind.startsWith("stop") });
          }
          await place.finish(make, index + 1);
        }
        expect(contentDifference(await undisturbed.content(), await place.content())).toEqual({
          lost: [],
          doubled: [],
          other: [],
        });
      }),
      often(40),
    );
  },
  lawTimeout,
);
