import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runSequence } from "./run-sequence.ts";
import { differences } from "./same-as.ts";
import { describeWithDlt } from "./with-dlt.ts";

const cases = join(import.meta.dirname, "golden");
const names = readdirSync(cases).map((file) => file.replace(/\.json$/, ""));

await describeWithDlt("taking over from dlt 1.31 and back", ["1.31.0"], ({ dlt, folder }) => {
  test.concurrent.each(names)(
    "%s: whoever runs which step, the dataset is the same",
    { timeout: 300_000 },
    async (name) => {
      const python = dlt("1.31.0");
      const text = readFileSync(join(cases, `${name}.json`), "utf8");
      const alone = await runSequence(text, ["lading"], { folder: folder() });
      for (const turns of [[python, "lading"] as const, ["lading", python] as const]) {
        expect(differences(await runSequence(text, turns, { folder: folder(), check: python }), alone)).toEqual([]);
      }
    },
  );
});
