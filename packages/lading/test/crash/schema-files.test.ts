import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resource, source, type PipelineOptions, type Source } from "../../src/index.ts";
import { contentDifference, type Fault } from "../../src/testing/index.ts";
import { arena, type Arena } from "./arena.ts";

const rows = (last: number): Source =>
  source("s", [
    resource({ name: "t", primaryKey: "id", writeDisposition: "merge" }, () => [
      Array.from({ length: last }, (_one, index) => ({ id: index + 1, ...(last > 2 && { later: index }) })),
    ]),
  ]);

const full = process.env["WALK"] === "full";
const seed = Math.floor(Date.now() / 86_400_000);
const stride = full ? 1 : 24;

const made = (place: Arena): Omit<Partial<PipelineOptions>, "source"> => ({
  importSchemaPath: join(place.folder, "in"),
  exportSchemaPath: join(place.folder, "out"),
});
const fileIn = (place: Arena, folder: string): Promise<string> =>
  readFile(join(place.folder, folder, "s.schema.yaml"), "utf8");

test.each<{ readonly says: string; readonly fault: Omit<Fault, "at">; readonly losesUnsynced?: true }>([
  { says: "the process is gone", fault: { kind: "stop" } },
  { says: "the power is gone", fault: { kind: "stop-half" }, losesUnsynced: true },
  { says: "the step fails", fault: { kind: "error-half" } },
])(
  "$says while schemas are imported and exported: the load happens once, and the files say what is loaded",
  async ({ fault, losesUnsynced = false }) => {
    for (const isFirst of [true, false]) {
      await using template = await arena();
      if (!isFirst) await template.run(rows(2), { made: made(template) });
      const begin = async (): Promise<Arena> => {
        const place = await arena();
        if (!isFirst) await cp(template.folder, place.folder, { recursive: true });
        return place;
      };
      await using undisturbed = await begin();
      const { points: counted } = await undisturbed.run(rows(3), { made: made(undisturbed) });
      const expected = await undisturbed.content();
      const wrong: string[] = [];
      const own = counted.names.flatMap((name, index) => (name.includes("schema.yaml") ? [index + 1] : []));
      expect(own.length).toBeGreaterThan(2);
      const all = counted.names.map((_name, index) => index + 1);
      for (const at of all.filter(
        (one) => (own.includes(one) && (full || (one + seed) % 3 === 0)) || (one + seed) % stride === 0,
      )) {
        await using place = await begin();
        const { points } = await place.run(rows(3), { made: made(place), fault: { at, ...fault }, losesUnsynced });
        for (let runs = 0; runs < 4; runs++) {
          const { outcome } = await place.run(rows(3), { made: made(place) });
          if (outcome.type === "failed") wrong.push(`${at} at "${points.struck}": ${String(outcome.error)}`);
          else if (outcome.type === "done" && outcome.result.kind === "new") break;
        }
        const { lost, doubled, other } = contentDifference(expected, {
          ...(await place.content()),
          loads: expected.loads,
        });
        const differs = [...lost, ...doubled, ...other];
        if ((await fileIn(place, "out")) !== (await fileIn(undisturbed, "out"))) differs.push("the exported file");
        if ((await fileIn(place, "in")) !== (await fileIn(undisturbed, "in"))) differs.push("the imported file");
        wrong.push(...differs.slice(0, 3).map((what) => `${at} at "${points.struck}": ${what}`));
      }
      expect(wrong).toEqual([]);
      await rm(template.folder, { recursive: true, force: true });
    }
  },
  600_000,
);
