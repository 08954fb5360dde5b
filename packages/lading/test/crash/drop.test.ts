import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { incremental, resource, source, type Resource, type Source } from "../../src/index.ts";
import { contentDifference, type DatasetContent, type Fault } from "../../src/testing/index.ts";
import { arena } from "./arena.ts";

const request = { resources: "orders" };
const rowsOf = (name: string): Resource =>
  resource({ name, writeDisposition: "append", incremental: incremental("n") }, [{ n: 1, list: [{ x: 1 }] }]);
const shop = (): Source => source("shop", [rowsOf("orders"), rowsOf("visits")]);

let folder: string;
let template: string;
let before: DatasetContent;
let after: DatasetContent;
let steps: readonly string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lading-drop-walk-"));
  template = join(folder, "template.duckdb");
  await using first = await arena();
  const { outcome } = await first.run(shop());
  if (outcome.type === "failed") throw outcome.error;
  await cp(first.database, template);
  before = await first.content();
  await using undisturbed = await arena(template);
  const dropped = await undisturbed.run(shop(), { drop: request });
  if (dropped.outcome.type === "failed") throw dropped.outcome.error;
  after = await undisturbed.content();
  steps = dropped.points.names;
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const same = (one: DatasetContent, other: DatasetContent): boolean =>
  Object.values(contentDifference(one, other)).every((all: readonly string[]) => all.length === 0);

const full = process.env["WALK"] === "full";
const seed = Math.floor(Date.now() / 86_400_000);

test.each<{ readonly says: string; readonly fault: Omit<Fault, "at">; readonly losesUnsynced?: true }>([
  { says: "the process is gone", fault: { kind: "stop" } },
  { says: "the power is gone", fault: { kind: "stop-half" }, losesUnsynced: true },
  { says: "the step fails", fault: { kind: "error-half" } },
  { says: "the step is done, and said to have failed", fault: { kind: "error-late" } },
])(
  "$says anywhere in a drop: it was never begun, or is done, and can be asked for again",
  async ({ fault, losesUnsynced = false }) => {
    const stride = full ? 1 : 10;
    const wrong: string[] = [];
    // A lock that could not be removed is held as long as the process lives.
    const count = steps.findIndex((name) => name.startsWith("remove lock"));
    expect(count).toBeGreaterThan(0);
    for (let at = 1 + (seed % stride); at <= count; at += stride) {
      await using place = await arena(template);
      const struck = await place.run(shop(), { fault: { at, ...fault }, losesUnsynced, drop: request });
      const name = `${at} of ${count} at "${struck.points.struck ?? "nothing"}"`;
      try {
        const left = await place.content();
        if (!same(before, left) && !same(after, left)) wrong.push(`${name}: half of it can be seen`);
        // What waits is sealed: the next run finishes it, and reads nothing.
        const waits = (await place.pending()).filter((one) => one !== "draft");
        const next = waits.length > 0 ? await place.run(shop()) : await place.run(shop(), { drop: request });
        if (next.outcome.type === "failed") throw next.outcome.error;
        if (!same(after, await place.content())) wrong.push(`${name}: it is not done`);
        if ((await place.pending()).length > 0) wrong.push(`${name}: something is left`);
      } catch (error) {
        wrong.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    expect(wrong).toEqual([]);
  },
  600_000,
);
