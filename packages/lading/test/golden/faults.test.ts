import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test, vi } from "vitest";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import { goldenCase, runCase, type GoldenCase, type Observed } from "../../src/testing/golden/index.ts";
import type { ExactObject } from "../../src/util/exact.ts";
import { parseExact } from "../../src/util/json.ts";
import { storedTrees, type StoredTree } from "../laws/stored-trees.ts";
import { treeDifference } from "../laws/tree-difference.ts";
import { treeOf, type Tree } from "../laws/tree.ts";

// Whole runs, with databases: seconds on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const faults = join(import.meta.dirname, "core", "faults");
const names = readdirSync(faults).map((file) => file.replace(/\.json$/, ""));

/** What a run of a case left: what was observed after each step, and the rows of a table at the end. */
async function run(golden: GoldenCase, table: string): Promise<{ steps: Observed[]; trees: StoredTree[] }> {
  const folder = mkdtempSync(join(tmpdir(), "lading-faults-"));
  try {
    const file = join(folder, "golden.duckdb");
    const { steps } = await runCase(golden, { folder, destination: duckdb(file) });
    const instance = await DuckDBInstance.fromCache(file);
    const connection = await instance.connect();
    try {
      await connection.run("SET TimeZone='UTC'");
      const sql = async (statement: string): Promise<unknown[][]> =>
        (await connection.runAndReadAll(statement)).getRowsJson();
      return { steps, trees: await storedTrees(sql, table, golden.dataset) };
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fault(name: string): GoldenCase {
  return goldenCase(parseExact(readFileSync(join(faults, `${name}.json`), "utf8")));
}

const columnsOf = ({ tables }: Observed): Map<string, readonly unknown[]> =>
  new Map(
    Object.entries(tables).flatMap(([table, { columns }]) =>
      columns.map((column) => [`${table}.${column[0]}`, column]),
    ),
  );

describe("what dlt fails at, loads: each row of each step is in its table, and earlier columns stay as they were", () => {
  test.each(names.filter((name) => name !== "write-change"))("%s", async (name) => {
    const golden = fault(name);
    const { steps, trees } = await run(golden, "things");
    expect(steps.map((step) => step.error)).toEqual(steps.map(() => null));

    const resources = golden.steps.flatMap((step) => step.resources);
    const rows = resources.flatMap(({ pages }) => pages.flat()) as ExactObject[];
    const isMerged = resources[0]!.write === "merge";
    const last = isMerged ? [...new Map(rows.map((row) => [row.get("pk"), row])).values()] : rows;
    const byId = new Map(trees.map((tree) => [tree.id, tree]));
    const strays: Tree[] = [];
    for (const row of last) {
      const { cells, lists } = treeOf(row);
      const id = row.get("_dlt_id") as string;
      const own = { cells: new Map([...cells].filter(([column]) => column !== "_dlt_id")), lists: new Map(lists) };
      // A list without a name: its elements are rows of the table around it, in dlt as here.
      strays.push(...(own.lists.get("") ?? []));
      own.lists.delete("");
      expect([...byId.keys()]).toContain(id);
      expect(treeDifference(own, byId.get(id)!, `${id} `)).toBeUndefined();
      byId.delete(id);
    }
    for (const stray of strays) {
      const [id] = [...byId].find(([, tree]) => treeDifference(stray, tree) === undefined) ?? [];
      expect(id).toBeDefined();
      byId.delete(id!);
    }
    expect([...byId.keys()]).toEqual([]);

    for (const [index, step] of steps.entries()) {
      if (index === 0) continue;
      const [before, after] = [columnsOf(steps[index - 1]!), columnsOf(step)];
      for (const [column, is] of before) expect(after.get(column)).toEqual(is);
    }
  });
});

test("a table that is appended to, then merged, then replaced: the rows that were there get the ids that merging needs", async () => {
  const golden = fault("write-change");
  const { steps } = await run(golden, "t");
  expect(steps.map((step) => step.error)).toEqual([null, null, null]);
  expect(cellsOf(steps[0], "t__k", ["value", "_dlt_parent_id"])).toEqual([["1", "r1"]]);
  expect(cellsOf(steps[1], "t", ["id", "_dlt_id"])).toEqual([["1", "s1"]]);
  expect(cellsOf(steps[1], "t__k", ["value", "_dlt_parent_id", "_dlt_root_id"])).toEqual([["2", "s1", "s1"]]);
  expect(steps[1]!.tables["t__k"]!.columns.find(([name]) => name === "_dlt_root_id")?.[2]).toBe("YES");
  expect(cellsOf(steps[2], "t", ["id", "_dlt_id"])).toEqual([["5", "q1"]]);
  expect(cellsOf(steps[2], "t__k", ["value"])).toEqual([]);
});

test("a row that was appended and stays when the others are merged has the id of its root in what is nested in it", async () => {
  const golden = fault("write-change");
  const appended = golden.steps[0]!.resources[0]!;
  const pages = [...appended.pages, parseExact('[{"_dlt_id": "r2", "id": 2, "k": [7]}]') as ExactObject[]];
  const { steps } = await run({ ...golden, steps: [{ resources: [{ ...appended, pages }] }, golden.steps[1]!] }, "t");
  expect(cellsOf(steps[1], "t__k", ["value", "_dlt_parent_id", "_dlt_root_id"])).toEqual([
    ["2", "s1", "s1"],
    ["7", "r2", "r2"],
  ]);
});

function cellsOf(step: Observed | undefined, table: string, wanted: readonly string[]): unknown[][] {
  const { columns, rows = [] } = step!.tables[table]!;
  const at = wanted.map((name) => columns.findIndex(([column]) => column === name));
  return rows.map((row) => at.map((index) => row[index]));
}
