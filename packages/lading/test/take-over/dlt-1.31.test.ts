import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runSequence, type Runner } from "./run-sequence.ts";
import { differences } from "./same-as.ts";
import { describeWithDlt } from "./with-dlt.ts";

const read = (name: string): string => readFileSync(join(import.meta.dirname, "golden", `${name}.json`), "utf8");

await describeWithDlt("taking over from dlt 1.31 and back", ["1.31.0"], ({ dlt, folder }) => {
  const compare = async (name: string, turns: readonly Runner[]): Promise<readonly string[]> =>
    differences(
      await runSequence(read(name), turns, { folder: folder(), check: dlt("1.31.0") }),
      await runSequence(read(name), ["lading"], { folder: folder() }),
    );
  const names = ["append", "merge", "scd2", "cursors", "contracts", "hints", "naming-direct", "types"];

  test.concurrent.each(names)("%s: dlt first", { timeout: 300_000 }, async (name) => {
    expect(await compare(name, [dlt("1.31.0"), "lading"])).toEqual([]);
  });

  test.concurrent.each(names.slice(0, 4))("%s: Lading first", { timeout: 300_000 }, async (name) => {
    expect(await compare(name, ["lading", dlt("1.31.0")])).toEqual([]);
  });

  test.concurrent("append: some steps in a row by each", { timeout: 300_000 }, async () => {
    const python = dlt("1.31.0");
    expect(await compare("append", [python, python, "lading", "lading"])).toEqual([]);
  });
});
