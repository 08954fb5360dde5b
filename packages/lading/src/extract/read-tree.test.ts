import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { OpenPage } from "../load-package/journal.ts";
import { standaloneContext } from "../resource/context.ts";
import { page } from "../resource/page.ts";
import type { Resource } from "../resource/resource.ts";
import type { Json } from "../util/json-value.ts";
import type { Place } from "./place.ts";
import { readTree, type Extracted, type ReadTreeOptions } from "./read-tree.ts";
import type { ResourceNode } from "./tree.ts";

/** A resource: how many pages it has (a child for each row of its parent), and how many rows each of them. */
interface Shape {
  readonly pages: number;
  readonly rows: number;
  /** Its pages have positions. */
  readonly isPlaced: boolean;
  /** A child that changes the rows it is given, which its siblings see. */
  readonly meddles: boolean;
  readonly children: readonly Shape[];
}

interface Row {
  readonly id: string;
  readonly big: bigint;
  seen: number;
}

/** Trees of at most this many levels: each one has up to nine pages for each page of the one above. */
const shapes = (levels: number): fc.Arbitrary<Shape> =>
  fc.record<Shape>({
    pages: fc.integer({ min: 0, max: 3 }),
    rows: fc.integer({ min: 0, max: 3 }),
    isPlaced: fc.boolean(),
    meddles: fc.boolean(),
    children: levels === 1 ? fc.constant([]) : fc.array(shapes(levels - 1), { maxLength: 2 }),
  });

const at = (position: Json | undefined): number => (typeof position === "number" ? position : 0);

function nodeOf({ pages, rows, isPlaced, meddles, children }: Shape, name = "r", parent?: Resource): ResourceNode {
  const made = (count: number, step: number, of: string): ReturnType<typeof page> => {
    const content = Array.from({ length: rows }, (_, i): Row => ({
      id: `${of}/${step}.${i}`,
      big: 2n ** 60n,
      seen: 0,
    }));
    const position = step + 1 < count ? step + 1 : null;
    return page({ rows: content, ...(isPlaced && { position }) });
  };
  const resource: Resource = {
    name,
    hints: {},
    ...(parent && { parent }),
    async *pages({ position }) {
      for (let step = at(position); step < pages; step++) yield made(pages, step, name);
    },
    async *pagesOf(given, { position }) {
      const parents = given as readonly Row[];
      const count = parents.length * pages;
      for (let step = at(position); step < count; step++) {
        const row = parents[Math.floor(step / pages)]!;
        if (meddles && !isPlaced) row.seen++;
        yield made(count, step, `${name}<${row.id}:${row.seen}>`);
      }
    },
  };
  return {
    resource,
    loaded: true,
    children: children.map((child, index) => nodeOf(child, `${name}${index}`, resource)),
  };
}

const contextOf = (): ReturnType<typeof standaloneContext> => standaloneContext();

/** A place as it stands in a journal, and the pages on the disk. */
interface Left {
  readonly position: Json | undefined;
  readonly inside: readonly OpenPage[];
}

/** Reads a tree; says what comes out, and after how much of that it could go on from where. */
async function read(
  tree: ResourceNode,
  disk: Map<string, string>,
  start?: Left,
): Promise<{ readonly said: string[]; readonly places: { readonly after: number; readonly left: Left }[] }> {
  const said: string[] = [];
  const places: { readonly after: number; readonly left: Left }[] = [];
  const options: ReadTreeOptions = {
    contextOf,
    ...(start && { start: { ...start, textOf: async (name) => disk.get(name)! } }),
  };
  for await (const item of readTree(tree, options)) {
    if (item.type === "page") said.push(`${item.node.resource.name}: ${idsOf(item)}`);
    if (item.type !== "finished" && item.place !== undefined)
      places.push({ after: said.length, left: leave(item.place) });
  }
  return { said, places };

  function leave({ position, open }: Place): Left {
    const inside = open.map(({ held, child, at: within }): OpenPage => {
      const { name, text } = held.store()!;
      if (text !== undefined) disk.set(name, text);
      return { page: name, child, ...(within === undefined ? {} : { at: within }) };
    });
    return JSON.parse(JSON.stringify({ position, inside })) as Left;
  }
}

function idsOf({ page: { rows } }: Extracted & { readonly type: "page" }): string {
  return (rows as readonly Row[]).map(({ id }) => id).join(" ");
}

test("from every place that it says it can go on from, a tree gives the rest and nothing else", async () => {
  let inside = 0;
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(shapes(3), async (given) => {
      const disk = new Map<string, string>();
      const whole = await read(nodeOf(given), disk);
      for (const { after, left } of whole.places) {
        if (left.position === undefined) continue;
        inside = Math.max(inside, left.inside.length);
        tried++;
        const rest = await read(nodeOf(given), disk, left);
        expect(rest.said).toEqual(whole.said.slice(after));
      }
    }),
    { numRuns: 150 },
  );
  expect(inside).toBeGreaterThan(1);
  expect(tried).toBeGreaterThan(100);
}, 60_000);

test("a parent that cannot go on, or a child that cannot, has no place inside", async () => {
  const leaf: Shape = { pages: 2, rows: 1, isPlaced: true, meddles: false, children: [] };
  const places = async (given: Shape): Promise<number[]> => {
    const read_ = await read(nodeOf(given), new Map());
    return read_.places.map(({ left }) => left.inside.length);
  };
  expect(await places({ ...leaf, pages: 1, isPlaced: false, children: [leaf] })).toEqual([0]);
  // The start of the first child, its two pages, then the start of the next; its pages do not say where they are.
  const children = [leaf, { ...leaf, isPlaced: false }];
  expect(await places({ ...leaf, pages: 1, children })).toEqual([1, 1, 1, 1, 0]);
});

test("a page with what cannot be written is not kept", async () => {
  const tree = nodeOf({ pages: 1, rows: 1, isPlaced: true, meddles: false, children: [] });
  const parent: Resource = {
    ...tree.resource,
    async *pages() {
      yield page({ rows: [{ id: "x", save: () => 1 }], position: null });
    },
  };
  const family: ResourceNode = { ...tree, resource: parent, children: [tree] };
  const stored: unknown[] = [];
  for await (const item of readTree(family, { contextOf })) {
    if (item.type !== "finished") for (const { held } of item.place?.open ?? []) stored.push(held.store());
  }
  // The start of its child, and the end of that.
  expect(stored).toEqual([undefined, undefined]);
});
