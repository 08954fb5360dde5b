import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { incremental, resource, source, type Pipeline, type RunResult, type Source } from "../../src/index.ts";
import type { RunOptions } from "../../src/pipeline/run-options.ts";
import { contentDifference, type Fault } from "../../src/testing/index.ts";
import { arena, type Arena, type RunInArena } from "./arena.ts";

/** Numbers of which only new ones are read. */
const upTo = (last: number): Source =>
  source("s", [
    resource({ name: "t", primaryKey: "id", writeDisposition: "append", incremental: incremental("id") }, () => [
      Array.from({ length: last }, (_one, index) => ({ id: index + 1, list: [index] })),
    ]),
  ]);

const faults: readonly {
  readonly says: string;
  readonly how: Pick<RunInArena, "losesUnsynced"> & { fault: Omit<Fault, "at"> };
}[] = [
  { says: "the process is gone", how: { fault: { kind: "stop" } } },
  { says: "the power is gone", how: { fault: { kind: "stop-half" }, losesUnsynced: true } },
  { says: "the step fails", how: { fault: { kind: "error-half" } } },
  { says: "the step is done, and said to have failed", how: { fault: { kind: "error-late" } } },
];
const full = process.env["WALK"] === "full";
const seed = Math.floor(Date.now() / 86_400_000);

const extract = (made: Pipeline, options: RunOptions): Promise<RunResult> => made.extract(options);
const load = (made: Pipeline, options: RunOptions): Promise<RunResult> => made.load(options);

/** Strikes at some points of a call, and lets `after` bring it to its end and say what is wrong. */
async function walk(
  stride: number,
  begin: () => Promise<Arena>,
  call: (made: Pipeline, options: RunOptions) => Promise<RunResult>,
  how: (typeof faults)[number]["how"],
  after: (place: Arena) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  await using undisturbed = await begin();
  const count = (await undisturbed.run(upTo(4), { call })).points.names.length;
  const wrong = [...(await after(undisturbed))];
  let walked = 0;
  for (let at = 1 + (full ? 0 : seed % stride); at <= count && wrong.length < 5; at += full ? 1 : stride) {
    walked++;
    await using place = await begin();
    const { points, outcome } = await place.run(upTo(4), { call, ...how, fault: { at, ...how.fault } });
    // A process that lives on and cannot remove its lock is at work, as far as others can tell.
    if (outcome.type === "failed" && points.struck?.startsWith("remove lock") === true) continue;
    try {
      wrong.push(...(await after(place)).map((what) => `${at} at "${points.struck}": ${what}`));
    } catch (error) {
      wrong.push(
        `${at} at "${points.struck}": ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }
  console.log(`fault points: ${count}, walked: ${walked} (${how.fault.kind})`);
  return wrong;
}

test.each(faults)(
  "$says in an extraction that goes on from a package that waits, or in their load, and each row is loaded once",
  async ({ how }) => {
    await using undisturbed = await arena();
    for (const last of [2, 4]) await undisturbed.run(upTo(last));
    const expected = await undisturbed.content();
    const begin = async (): Promise<Arena> => {
      const place = await arena();
      await place.run(upTo(2), { call: extract });
      return place;
    };
    const finish = async (place: Arena): Promise<readonly string[]> => {
      // The extraction is called again until it has nothing more to read, as a scheduler would; then all is loaded.
      for (const call of [extract, extract, load]) {
        const { outcome } = await place.run(upTo(4), { call });
        if (outcome.type === "failed") throw outcome.error;
      }
      const { lost, doubled, other } = contentDifference(expected, await place.content());
      return [...lost, ...doubled, ...other];
    };
    const whileExtracted = await walk(17, begin, extract, how, finish);
    const extracted = async (): Promise<Arena> => {
      const place = await begin();
      await place.run(upTo(4), { call: extract });
      return place;
    };
    const whileLoaded = await walk(23, extracted, load, how, finish);
    expect([...whileExtracted, ...whileLoaded]).toEqual([]);
  },
  1_200_000,
);

test.each(faults)(
  "$says while packages are given up, and what is left goes on from what was loaded",
  async ({ how }) => {
    await using undisturbed = await arena();
    for (const last of [2, 4]) await undisturbed.run(upTo(last));
    const expected = await undisturbed.content();
    const begin = async (): Promise<Arena> => {
      const place = await arena();
      await place.run(upTo(2));
      for (const last of [3, 4]) await place.run(upTo(last), { call: extract });
      return place;
    };
    const abort = async (made: Pipeline, options: RunOptions): Promise<RunResult> => {
      await made.abortPackages(options);
      return made.load(options);
    };
    const wrong = await walk(7, begin, abort, how, async (place) => {
      const { outcome } = await place.run(upTo(4), { call: abort });
      if (outcome.type === "failed") throw outcome.error;
      expect((await readdir(join(place.work, "set-aside"))).length).toBe(2);
      await place.run(upTo(4));
      const { lost, doubled, other } = contentDifference(expected, await place.content());
      return [...lost, ...doubled, ...other];
    });
    expect(wrong).toEqual([]);
  },
  600_000,
);
