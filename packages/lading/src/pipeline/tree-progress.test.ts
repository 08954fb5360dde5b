import { expect, test } from "vitest";
import { holdPage } from "../extract/held-page.ts";
import type { Place } from "../extract/place.ts";
import type { ResourceNode } from "../extract/tree.ts";
import { page } from "../resource/page.ts";
import type { Resource } from "../resource/resource.ts";
import { createConfig } from "../config/create-config.ts";
import { positionSecrets } from "./position-secrets.ts";
import { ProgressOf } from "./resource-progress.ts";
import { SourceState } from "./source-state.ts";
import { fitsTree, TreeProgress, type Counted } from "./tree-progress.ts";

const ofSource = { secrets: positionSecrets(createConfig({ providers: [] })), shared: new SourceState(new Map()) };

const resource = (name: string): Resource => ({ name, hints: {}, async *pages() {} });
const leaf: ResourceNode = { resource: resource("children"), loaded: true, children: [] };
const tree: ResourceNode = { resource: resource("parents"), loaded: true, children: [leaf] };

function begin(): { readonly whole: TreeProgress; readonly members: readonly [ProgressOf, ProgressOf] } {
  const members = [new ProgressOf(tree, new Map(), ofSource), new ProgressOf(leaf, new Map(), ofSource)] as const;
  return { whole: new TreeProgress(members, 500, 0), members };
}

function take(whole: TreeProgress, place: Place | undefined, now: number): void {
  whole.keep(place, now);
  whole.unsettle();
  whole.settle();
}

function count(whole: TreeProgress, now: number): Counted {
  const counted: Counted = { resources: {}, pages: new Map() };
  whole.count(counted, now);
  return counted;
}

const inPage = (held = holdPage(tree.resource, page({ rows: [{ id: 1 }] })), at = 1): Place => ({
  position: 7,
  open: [{ held, child: "children", at }],
});

test("a parent's page is written only where half a second of work could be lost, and once", () => {
  const { whole } = begin();
  const place = inPage();
  const { held } = place.open[0]!;
  take(whole, place, 499);
  expect(held.stored).toBeUndefined();
  expect(whole.hasNews).toBe(false);
  take(whole, place, 500);
  expect(whole.isDue(500)).toBe(true);
  const { resources, pages } = count(whole, 500);
  const { name } = held.stored!;
  expect(resources["parents"]).toMatchObject({ position: 7, inside: [{ page: name, child: "children", at: 1 }] });
  expect([...pages.keys()]).toEqual([name]);
  // Soon after, since it is there already.
  take(whole, inPage(held, 2), 501);
  expect(count(whole, 502)).toMatchObject({ resources: { parents: { inside: [{ page: name, at: 2 }] } } });
  expect(count(whole, 502).pages.size).toBe(0);
});

test("a checkpoint of others does not hide work that has gone on for long", () => {
  const { whole } = begin();
  expect(count(whole, 900).resources).toEqual({});
  take(whole, inPage(), 1000);
  expect(whole.hasNews).toBe(true);
  expect(whole.isDue(1000)).toBe(false);
  expect(whole.isDue(1400)).toBe(true);
});

test("what cannot be kept makes no place, until the page is done", () => {
  const { whole } = begin();
  take(whole, inPage(holdPage(tree.resource, page({ rows: [{ f: () => 1 }] }))), 1000);
  expect(whole.isSettled).toBe(false);
  take(whole, undefined, 1100);
  expect(whole.isSettled).toBe(false);
  expect(count(whole, 1200).resources).toEqual({});
  whole.keep({ position: 8, open: [] }, 1300);
  whole.settle();
  expect(count(whole, 1300).resources["parents"]).toEqual({
    finished: false,
    pages: 0,
    rows: 0,
    bytes: 0,
    position: 8,
  });
});

test("states are those of the place, and one that has changed is news", () => {
  const { whole, members } = begin();
  members[1].state["seen"] = 1;
  whole.keep({ position: 1, open: [] }, 0);
  members[1].state["seen"] = 2;
  whole.settle();
  expect(count(whole, 0).resources["children"]?.state).toBe('{"seen":1}');
  whole.keep({ position: 1, open: [] }, 0);
  whole.settle();
  expect(count(whole, 0).resources["children"]?.state).toBe('{"seen":2}');
});

test("pages that were left open by another tree do not fit", () => {
  expect(fitsTree(tree, [])).toBe(true);
  expect(fitsTree(tree, [{ page: "x", child: "children" }])).toBe(true);
  expect(fitsTree(tree, [{ page: "x", child: "others" }])).toBe(false);
});
