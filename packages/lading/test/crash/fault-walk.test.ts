import { mkdtemp, rm, cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentDifference, type DatasetContent, type Fault } from "../../src/testing/index.ts";
import { arena } from "./arena.ts";
import { shop, type Asked } from "./shop.ts";

/** Another day, other points. */
const seed = Math.floor(Date.now() / 86_400_000);

let folder: string;
let template: string;
let expected: Readonly<Record<1 | 2, DatasetContent>>;
let overlap: { readonly names: readonly string[]; readonly content: DatasetContent };
let counts: Readonly<Record<1 | 2 | "early", number>>;
/** A point in the middle of the pages. */
let midway: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lading-walk-"));
  template = join(folder, "template.duckdb");
  await using undisturbed = await arena();
  const first = await undisturbed.run(shop(1));
  if (first.outcome.type === "failed") throw first.outcome.error;
  await cp(undisturbed.database, template);
  const afterFirst = await undisturbed.content();
  await using next = await arena(template);
  const second = await next.run(shop(2));
  if (second.outcome.type === "failed") throw second.outcome.error;
  expected = { 1: afterFirst, 2: await next.content() };
  midway = Math.floor(second.points.names.findIndex((name) => name.startsWith("write draft/schema.json")) * 0.6);
  await using overlapping = await arena(template);
  const early = await overlapping.run(shop(2, { pages: [], pause }), { options: loadsEarly });
  if (early.outcome.type === "failed") throw early.outcome.error;
  overlap = { names: early.points.names, content: await overlapping.content() };
  counts = { 1: first.points.names.length, 2: second.points.names.length, early: early.points.names.length };
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

let clock = Date.UTC(2031, 0, 1);
/** So small that files fill, and with a clock so slow that they fill quickly. */
const loadsEarly = { partBytes: 1, now: (): number => (clock += 30) };
/** Time for the database to take files meanwhile. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

const noSpace = (): Error => Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });

interface Walk {
  readonly says: string;
  readonly load: 1 | 2;
  readonly losesUnsynced?: boolean;
  readonly fault: Omit<Fault, "at">;
  /** An earlier run of the same load was stopped in the middle of its pages already. */
  readonly again?: true;
  /** Row files are so small that they are loaded while others are filled. */
  readonly early?: true;
  /** Every how many points. */
  readonly stride: number;
}

// The processor of a small machine allows all points in all ways only now and then: WALK=full.
const full = process.env["WALK"] === "full";
const walks: readonly Walk[] = [
  { says: "the process is gone", load: 2, fault: { kind: "stop" }, stride: full ? 1 : 16 },
  { says: "the power is gone", load: 2, fault: { kind: "stop-half" }, losesUnsynced: true, stride: full ? 1 : 16 },
  {
    says: "the process is gone, for the second time",
    load: 2,
    fault: { kind: "stop" },
    again: true,
    stride: full ? 1 : 18,
  },
  {
    says: "the process is gone, while rows are loaded early",
    load: 2,
    fault: { kind: "stop" },
    early: true,
    stride: full ? 1 : 18,
  },
  {
    says: "the step fails, while rows are loaded early",
    load: 2,
    fault: { kind: "error-half" },
    early: true,
    stride: full ? 1 : 18,
  },
  { says: "the step fails", load: 2, fault: { kind: "error-half" }, stride: full ? 1 : 18 },
  { says: "the step is done, and said to have failed", load: 2, fault: { kind: "error-late" }, stride: full ? 1 : 18 },
  {
    says: "the disk is full, and stays full",
    load: 2,
    fault: { kind: "error-half", error: noSpace, lasting: (name) => /^(?:write|create)/.test(name) },
    stride: full ? 1 : 24,
  },
  {
    says: "the power is gone in the first load of all",
    load: 1,
    fault: { kind: "stop" },
    losesUnsynced: true,
    stride: full ? 1 : 24,
  },
];

test("small files are loaded while others are filled, and nothing else changes", () => {
  expect(overlap.names.filter((name) => name.startsWith("destination copy early")).length).toBeGreaterThan(0);
  expect(contentDifference(expected[2], overlap.content)).toEqual({ lost: [], doubled: [], other: [] });
});

describe("at every fault point", () => {
  test.each(walks)(
    "$says, and the load still happens once",
    async ({ load, fault, losesUnsynced = false, again = false, early = false, stride }) => {
      const count = counts[early ? "early" : load];
      const options = early ? loadsEarly : {};
      const wrong: string[] = [];
      let walked = 0;
      for (let at = 1 + (seed % stride); at <= count && wrong.length < 5; at += stride) {
        walked++;
        await using place = await arena(load === 2 ? template : undefined);
        const asked: Asked = { pages: [], ...(early ? { pause } : {}) };
        if (again) await place.run(shop(load, asked), { fault: { at: midway, kind: "stop" } });
        const { points } = await place.run(shop(load, asked), { fault: { at, ...fault }, losesUnsynced, options });
        const name = `${at} of ${count}, ${fault.kind} at "${points.struck ?? "nothing"}"`;
        try {
          await place.finish(() => shop(load, asked), load);
          const { lost, doubled, other } = contentDifference(expected[load], await place.content());
          const all = [...lost.map((row) => `lost ${row}`), ...doubled.map((row) => `doubled ${row}`), ...other];
          const thrice = asked.pages.filter(
            (page) => asked.pages.filter((one) => one === page).length > (again ? 3 : 2),
          );
          if (thrice.length > 0) all.push(`asked too often: ${thrice.join(", ")}`);
          if (all.length > 0) wrong.push(`${name}: ${all.slice(0, 3).join(" | ")}`);
        } catch (error) {
          wrong.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        }
      }
      console.log(`fault points: ${count}, walked: ${walked} (${fault.kind}${losesUnsynced ? ", unsynced lost" : ""})`);
      expect(wrong).toEqual([]);
    },
    3_600_000,
  );
});
