import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { incremental, page, resource, source, type RefreshMode, type Resource, type Source } from "../../src/index.ts";
import { contentDifference, type DatasetContent, type Fault } from "../../src/testing/index.ts";
import { arena } from "./arena.ts";

let folder: string;
let template: string;
let before: DatasetContent;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lading-refresh-walk-"));
  template = join(folder, "template.duckdb");
  await using place = await arena();
  const { outcome } = await place.run(shop(3, "old"));
  if (outcome.type === "failed") throw outcome.error;
  await cp(place.database, template);
  before = await place.content();
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

function shop(pages: number, what: string): Source {
  const paged = (name: string): Resource =>
    resource({ name, writeDisposition: "append", incremental: incremental("n") }, async function* ({ position }) {
      for (let n = typeof position === "number" ? position : 0; n < pages; n++) {
        await Promise.resolve();
        yield page({ rows: [{ n, [what]: n, list: [{ [what]: n }] }], position: n < pages - 1 ? n + 1 : null });
      }
    });
  return source("shop", [paged("orders"), paged("visits")]);
}

const same = (one: DatasetContent, other: DatasetContent): boolean =>
  Object.values(contentDifference(one, other)).every((all: readonly string[]) => all.length === 0);

const full = process.env["WALK"] === "full";
const seed = Math.floor(Date.now() / 86_400_000);

test.each<{ readonly refresh: RefreshMode; readonly fault: Omit<Fault, "at">; readonly losesUnsynced?: true }>([
  { refresh: "drop_sources", fault: { kind: "stop" } },
  { refresh: "drop_resources", fault: { kind: "stop-half" }, losesUnsynced: true },
  { refresh: "drop_data", fault: { kind: "error-half" } },
])(
  "$refresh that is stopped anywhere ($fault.kind) was never begun, or is done",
  async ({ refresh, fault, losesUnsynced = false }) => {
    const options = { refresh };
    await using undisturbed = await arena(template);
    const { outcome, points } = await undisturbed.run(shop(2, "new"), { options });
    if (outcome.type === "failed") throw outcome.error;
    const after = await undisturbed.content();
    const count = points.names.length;
    const stride = full ? 1 : 14;
    const wrong: string[] = [];
    let walked = 0;
    for (let at = 1 + (seed % stride); at <= count; at += stride) {
      walked++;
      await using place = await arena(template);
      const struck = await place.run(shop(2, "new"), { fault: { at, ...fault }, losesUnsynced, options });
      const name = `${at} of ${count} at "${struck.points.struck ?? "nothing"}"`;
      try {
        const left = await place.content();
        if (!same(before, left) && !same(after, left)) wrong.push(`${name}: half of it can be seen`);
        await place.finish(() => shop(2, "new"), after.loads, options);
        if (!same(after, await place.content())) wrong.push(`${name}: ${JSON.stringify(await place.content())}`);
      } catch (error) {
        wrong.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    console.log(`fault points: ${count}, walked: ${walked} (${fault.kind})`);
    expect(wrong).toEqual([]);
  },
  1_200_000,
);
