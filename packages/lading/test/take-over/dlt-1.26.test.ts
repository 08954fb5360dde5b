import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runSequence } from "./run-sequence.ts";
import { differences } from "./same-as.ts";
import { describeWithDlt } from "./with-dlt.ts";

const read = (name: string): string => readFileSync(join(import.meta.dirname, "golden", `${name}.json`), "utf8");

// What dlt 1.31 makes of a dataset of 1.26 is what Lading is to make of it: hashes of rows, descriptions of columns.
await describeWithDlt("taking over from dlt 1.26 and back", ["1.26.0", "1.31.0"], ({ dlt, folder }) => {
  test.concurrent.each(["append", "scd2", "cursors"])("%s: 1.26 first", { timeout: 300_000 }, async (name) => {
    const [old, current] = [dlt("1.26.0"), dlt("1.31.0")];
    expect(
      differences(
        await runSequence(read(name), [old, "lading"], { folder: folder(), isBare: true, check: current }),
        await runSequence(read(name), [old, current], { folder: folder(), isBare: true }),
      ),
    ).toEqual([]);
  });

  test.concurrent.each(["append"])("%s: Lading first", { timeout: 300_000 }, async (name) => {
    const [old, current] = [dlt("1.26.0"), dlt("1.31.0")];
    expect(
      differences(
        await runSequence(read(name), ["lading", old], { folder: folder(), check: current }),
        await runSequence(read(name), [current, old], { folder: folder() }),
      ),
    ).toEqual([]);
  });
});
