import { expect, test } from "vitest";
import { incremental, page, resource, source, type Resource, type Source } from "../../src/index.ts";
import { contentDifference, type Fault } from "../../src/testing/index.ts";
import { arena } from "./arena.ts";

/** Pages that can be gone on with, and a cursor, so that the state has something to be right about. */
function paged(name: string): Resource {
  return resource({ name, writeDisposition: "append", incremental: incremental("n") }, async function* ({ position }) {
    for (let n = typeof position === "number" ? position : 0; n < 3; n++) {
      await Promise.resolve();
      yield page({ rows: [{ n, list: [n] }], position: n < 2 ? n + 1 : null });
    }
  });
}

const sources = (): readonly Source[] =>
  ["first", "second", "third"].map((name) => source(name, [paged(`${name}_rows`)]));
/** Of each source its rows; of all but the first also the load that the state counts as. */
const loads = 5;

const full = process.env["WALK"] === "full";
const seed = Math.floor(Date.now() / 86_400_000);

test.each<{ readonly says: string; readonly fault: Omit<Fault, "at">; readonly losesUnsynced?: true }>([
  { says: "the process is gone", fault: { kind: "stop" } },
  { says: "the power is gone", fault: { kind: "stop-half" }, losesUnsynced: true },
  { says: "the step fails", fault: { kind: "error-half" } },
])(
  "$says anywhere in a run of several sources, and each is loaded once",
  async ({ fault, losesUnsynced = false }) => {
    await using undisturbed = await arena();
    const { outcome, points } = await undisturbed.run(sources());
    if (outcome.type === "failed") throw outcome.error;
    const expected = await undisturbed.content();
    expect(expected.loads).toBe(loads);
    const count = points.names.length;
    // Between the first source's commit and the second one's draft each step is walked, of the others some.
    const committed = points.names.findIndex((name) => name.includes("COMMIT")) + 1;
    const drafted = points.names.findIndex((name, index) => index > committed && name.includes("draft.json")) + 1;
    expect(drafted).toBeGreaterThan(committed);
    const stride = full ? 1 : 24;
    const among = Array.from({ length: count }, (_, index) => index + 1).filter(
      (at) => (at + seed) % stride === 0 || (at >= committed && at <= drafted && (full || (at + seed) % 3 === 0)),
    );
    const wrong: string[] = [];
    for (const at of among) {
      await using place = await arena();
      const struck = await place.run(sources(), { fault: { at, ...fault }, losesUnsynced });
      try {
        await place.finish(sources, loads);
        const { lost, doubled, other } = contentDifference(expected, await place.content());
        const all = [...lost.map((row) => `lost ${row}`), ...doubled.map((row) => `doubled ${row}`), ...other];
        if (all.length > 0) wrong.push(`${at} at "${struck.points.struck}": ${all.slice(0, 3).join(" | ")}`);
      } catch (error) {
        wrong.push(`${at} at "${struck.points.struck}": ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    console.log(`fault points: ${count}, walked: ${among.length} (${fault.kind})`);
    expect(wrong).toEqual([]);
  },
  1_200_000,
);
