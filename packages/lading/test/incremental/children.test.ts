import { expect, test } from "vitest";
import { incremental, resource, source, transformer } from "../../src/resource/index.ts";
import { page } from "../../src/resource/page.ts";
import { place } from "../bad-input/place.ts";

interface Event {
  readonly shop: number;
  readonly at: number;
}

/** Shops, a page for each, and the events of each shop that its cursor lets through. */
function shops(events: readonly (readonly number[])[], stopBefore = Infinity) {
  const parent = resource("shops", async function* ({ position }) {
    for (let shop = (position as number | undefined) ?? 0; shop < events.length; shop++) {
      if (shop === stopBefore) throw new Error("no answer");
      yield page({ rows: [{ shop }], position: shop + 1 < events.length ? shop + 1 : null });
    }
  });
  const child = transformer(
    { name: "events", from: parent, incremental: incremental("at", { initialValue: 0 }) },
    ({ shop }: { shop: number }): Event[] => events[shop]!.map((at) => ({ shop, at })),
  );
  return source("s", [parent, child]);
}

const loaded = 'SELECT shop::INT, "at"::INT FROM d.events ORDER BY ALL';

test("one parent's rows do not move the cursor for another's", async () => {
  await using p = await place();
  await p.run(shops([[9, 3], [4, 5], [9]]));
  expect(await p.sql(loaded)).toEqual([
    [0, 3],
    [0, 9],
    [1, 4],
    [1, 5],
    [2, 9],
  ]);
  await p.run(shops([[9, 12], [8], [9, 10, 11]]));
  expect(await p.sql('SELECT shop::INT, "at"::INT FROM d.events WHERE "at" > 9 ORDER BY ALL')).toEqual([
    [0, 12],
    [2, 10],
    [2, 11],
  ]);
  expect(await p.sql("SELECT count(*)::INT FROM d.events")).toEqual([[8]]);
});

test("a run that was broken off goes on with the start that it began with, for the parents that are left", async () => {
  await using p = await place();
  await p.run(shops([[1], [1]]));
  await p.failure(shops([[9], [4, 0], [5]], 1));
  await p.run(shops([[9], [4, 0], [5]]));
  expect(await p.sql(loaded)).toEqual([
    [0, 1],
    [0, 9],
    [1, 1],
    [1, 4],
    [2, 5],
  ]);
});
