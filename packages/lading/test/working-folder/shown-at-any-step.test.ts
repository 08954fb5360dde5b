import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { inspectPipeline, type PipelineView } from "../../src/pipeline/inspect/inspect-pipeline.ts";
import { arena, type Arena } from "../crash/arena.ts";
import { shop } from "../crash/shop.ts";

vi.setConfig({ testTimeout: 180_000 });

const now = Date.UTC(2030, 0, 2);

/** Names, sizes and times of everything in a folder. */
async function traces(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return Promise.all(
    names.toSorted().map(async (name) => {
      const { size, mtimeMs, ino } = await stat(join(folder, name));
      return `${name} ${size} ${mtimeMs} ${ino}`;
    }),
  );
}

async function shown(place: Arena): Promise<PipelineView> {
  const before = await traces(place.work);
  const view = await inspectPipeline(place.work, { now });
  expect(await traces(place.work)).toEqual(before);
  return view!;
}

test("wherever a run was stopped, what it left is shown whole, and nothing is touched", async () => {
  await using undisturbed = await arena();
  const { names } = (await undisturbed.run(shop(1))).points;
  const seen = new Set<string>();
  const written = names.findIndex((name) => name.startsWith("rename") && name.endsWith("trace.json")) + 1;
  const some = Array.from({ length: Math.floor(names.length / 5) }, (_, index) => 3 + index * 5);
  for (const at of [...some, written + 1, names.length]) {
    await using place = await arena();
    await place.run(shop(1), { fault: { at, kind: at % 2 === 0 ? "stop" : "stop-half" } });
    const view = await shown(place);
    const { draft, pending, loaded, setAside } = view;
    expect(draft?.damage ?? [], `after ${names[at - 1]}`).toEqual([]);
    for (const one of [...pending, ...loaded, ...setAside]) expect(one.damage, `after ${names[at - 1]}`).toEqual([]);
    expect(
      pending.length + loaded.length + (draft === undefined ? 0 : 1),
      `after ${names[at - 1]}`,
    ).toBeLessThanOrEqual(1);
    expect(view.running, `after ${names[at - 1]}`).toBeUndefined();
    if (draft?.checkpointAt !== undefined) seen.add("draft");
    for (const { state } of [...pending, ...loaded]) seen.add(state);
    // What is said of it is what comes of it.
    const isCommitted = loaded.length > 0 || pending.some(({ state }) => state === "committed");
    if (isCommitted) expect((await place.content()).loads, `after ${names[at - 1]}`).toBe(1);
  }
  expect([...seen].toSorted()).toEqual(["committed", "draft", "loaded", "pending"]);
});

test("the resources of a draft are shown as the next run takes them up", async () => {
  await using place = await arena();
  const points = (await place.run(shop(1))).points.names.length;
  let drafts = 0;
  for (let at = 20; at < points && drafts < 12; at += 9) {
    await using stopped = await arena();
    await stopped.run(shop(1), { fault: { at, kind: "stop" } });
    const { draft } = await shown(stopped);
    if (draft?.checkpointAt === undefined) continue;
    drafts++;
    const asked = { pages: [] as string[] };
    const { outcome } = await stopped.run(shop(1, asked));
    expect(outcome.type).toBe("done");
    for (const { name, state, position, pages, parent } of draft.resources) {
      const own = asked.pages.filter((page) => page.startsWith(`${name}/`));
      if (state === "finished") expect(own, `${name} is read again`).toEqual([]);
      if (state === "restarts" && parent === undefined) expect(own[0], `${name} begins later`).toBe(`${name}/0`);
      // The position of a resource with a cursor has that of its pages in it.
      const page = typeof position === "object" ? (position as { readonly at: unknown } | null)?.at : position;
      if (state === "continues" && parent === undefined) {
        expect(own[0], `${name} after ${pages}`).toBe(`${name}/${String(page)}`);
      }
    }
  }
  expect(drafts).toBeGreaterThan(3);
});
