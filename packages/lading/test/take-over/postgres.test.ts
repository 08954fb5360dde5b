import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inPostgres } from "./databases.ts";
import { runSequence, type Runner, type Sequence, type SequenceOptions } from "./run-sequence.ts";
import { differences } from "./same-as.ts";
import { describeWithDlt } from "./with-dlt.ts";

const read = (name: string): string => readFileSync(join(import.meta.dirname, "golden", `${name}.json`), "utf8");

// Types, NOT NULL and unique indexes of columns are compared, too: nobody changes what the other one made.
await describeWithDlt("taking over on PostgreSQL and back", ["1.26.0", "1.31.0"], ({ dlt, folder }) => {
  const database = inPostgres();
  const run = async (
    name: string,
    turns: readonly Runner[],
    options: Partial<SequenceOptions> = {},
  ): Promise<Sequence> => runSequence(read(name), turns, { folder: folder(), database: await database(), ...options });
  const names = ["append", "merge", "scd2", "cursors", "contracts", "hints", "naming-direct", "types"];

  test.concurrent.each(names)("%s: dlt first", { timeout: 300_000 }, async (name) => {
    const python = dlt("1.31.0");
    const mixed = await run(name, [python, "lading"], { check: python });
    expect(differences(mixed, await run(name, ["lading"]))).toEqual([]);
  });

  test.concurrent.each(names.slice(0, 4))("%s: Lading first", { timeout: 300_000 }, async (name) => {
    const python = dlt("1.31.0");
    const mixed = await run(name, ["lading", python], { check: python });
    expect(differences(mixed, await run(name, ["lading"]))).toEqual([]);
  });

  test.concurrent("append: dlt 1.26 first", { timeout: 300_000 }, async () => {
    const [old, current] = [dlt("1.26.0"), dlt("1.31.0")];
    const mixed = await run("append", [old, "lading"], { isBare: true, check: current });
    expect(differences(mixed, await run("append", [old, current], { isBare: true }))).toEqual([]);
  });
});
