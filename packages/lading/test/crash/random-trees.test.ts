import * as fc from "fast-check";
import { expect, test } from "vitest";
import { page, source, transformer, type Json, type Resource, type Source } from "../../src/index.ts";
import { contentDifference } from "../../src/testing/index.ts";
import { arena } from "./arena.ts";

/** A resource: how many pages it has (a child for each row of its parent), and how many rows each of them. */
interface Shape {
  readonly pages: number;
  readonly rows: number;
  /** `placed`: its pages say where they are; `function`: made by a function of a row, which changes that row. */
  readonly kind: "placed" | "placeless" | "function";
  /** What else is in a row of it; a function can be in no file, and not in a table either. */
  readonly extra: "nothing" | "date" | "function";
  readonly children: readonly Shape[];
}

/** Trees of at most this many levels: each one has up to six pages for each page of the one above. */
const shapes = (levels: number): fc.Arbitrary<Shape> =>
  fc.record<Shape>({
    pages: fc.integer({ min: 1, max: 2 }),
    rows: fc.noBias(fc.integer({ min: 0, max: 3 })),
    kind: fc.constantFrom("placed", "placed", "placed", "placeless", "function"),
    extra: fc.constantFrom("nothing", "nothing", "date", "function"),
    children: levels === 1 ? fc.constant([]) : fc.array(shapes(levels - 1), { maxLength: 2 }),
  });

interface Row {
  readonly id: string;
  seen: number;
}

const at = (position: Json | undefined): number => (typeof position === "number" ? position : 0);

function rowsOf({ rows, extra }: Shape, of: string): readonly Row[] {
  return Array.from({ length: rows }, (_, i) => ({
    id: `${of}.${i}`,
    seen: 0,
    big: 2n ** 62n + BigInt(i),
    ...(extra === "date" && { at: new Date(i) }),
  }));
}

/** A resource and all below it. */
function resourcesOf(given: Shape, name = "r", parent?: Resource): readonly Resource[] {
  const made =
    parent !== undefined && given.kind === "function" ? ofFunction(given, name, parent) : byHand(given, name, parent);
  return [made, ...given.children.flatMap((child, index) => resourcesOf(child, `${name}${index}`, made))];
}

function ofFunction(given: Shape, name: string, parent: Resource): Resource {
  return transformer({ name, from: parent, writeDisposition: "append" }, async (row) => {
    const own = row as Row;
    own.seen++;
    await Promise.resolve();
    return page({ rows: rowsOf(given, `${own.id}:${own.seen}`), position: 7 });
  });
}

function byHand(given: Shape, name: string, parent: Resource | undefined): Resource {
  const { pages, kind, extra } = given;
  const made = (of: string, step: number, count: number): ReturnType<typeof page> => {
    const rows = rowsOf(given, `${of}/${step}`);
    // Not of their own: the normalizer would refuse it.
    if (extra === "function") for (const row of rows) Object.setPrototypeOf(row, { save: () => 1 });
    return page({ rows, ...(kind === "placed" && { position: step + 1 < count ? step + 1 : null }) });
  };
  return {
    name,
    hints: { writeDisposition: "append" },
    ...(parent && { parent }),
    async *pages({ position, state }) {
      for (let step = at(position); step < pages; step++) {
        state["pages"] = step + 1;
        await Promise.resolve();
        yield made(name, step, pages);
      }
    },
    async *pagesOf(given_, { position, state }) {
      const parents = given_ as readonly Row[];
      const count = parents.length * pages;
      for (let step = at(position); step < count; step++) {
        const { id, seen } = parents[Math.floor(step / pages)]!;
        state["pages"] = Number(state["pages"] ?? 0) + 1;
        await Promise.resolve();
        yield made(`${name}<${id}:${seen}>`, step, count);
      }
    },
  };
}

test("whatever a tree is like, and wherever its load is killed, its tables and states are as if it had not been", async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes(3),
      fc.array(fc.noBias(fc.integer({ min: 0, max: 999 })), { minLength: 1, maxLength: 2 }),
      fc.constantFrom("stop", "stop-half", "error-half"),
      async (given, kills, kind) => {
        const make = (): Source => source("shop", resourcesOf(given));
        await using undisturbed = await arena();
        const whole = await undisturbed.run(make());
        if (whole.outcome.type === "failed") throw whole.outcome.error;
        await using place = await arena();
        for (const kill of kills) {
          // A run after a load that was committed, and has nothing to tidy up, is another load.
          if ((await place.pending()).length === 0 && (await place.content()).loads > 0) break;
          const fault = { at: 1 + Math.floor((kill / 1000) * whole.points.names.length), kind } as const;
          await place.run(make(), { fault, losesUnsynced: kind === "stop-half" });
        }
        await place.finish(make, (await undisturbed.content()).loads);
        expect(contentDifference(await undisturbed.content(), await place.content())).toEqual({
          lost: [],
          doubled: [],
          other: [],
        });
      },
    ),
    { numRuns: process.env["WALK"] === "full" ? 150 : 12 },
  );
}, 600_000);
