import { describe, expect, test } from "vitest";
import type { RunEvent } from "../pipeline/events.ts";
import { liveProgress, progressLines } from "./live-progress.ts";
import { plainProgress } from "./plain-progress.ts";
import { emptyView, type RunView, viewAfter } from "./run-view.ts";
import { standing } from "./standing.ts";
import { styleFor } from "./style.ts";
import { testingHost } from "./testing-host.ts";

const started: RunEvent = { at: 0, type: "run-started", pipeline: "shop", destination: "duckdb", dataset: "shop_data" };
const begins = (resource: string): RunEvent => ({ at: 0, type: "resource-started", resource, table: resource });
const pages = (resource: string, totalPages: number, at: number): RunEvent => ({
  at,
  type: "page",
  resource,
  rows: 100,
  bytes: 1000,
  totalPages,
  totalRows: totalPages * 100,
  totalBytes: totalPages * 1000,
});
const ends = (resource: string, totalPages: number, at: number): RunEvent => ({
  at,
  type: "resource-finished",
  resource,
  totalPages,
  totalRows: totalPages * 100,
  totalBytes: totalPages * 1000,
});
const checkpoint: RunEvent = { at: 0, type: "checkpoint", number: 1, bytes: 10 };
const sealed: RunEvent = { at: 0, type: "sealed", loadId: "1795", rows: 1, bytes: 1 };
const loading: RunEvent = { at: 5000, type: "load-started", loadId: "1795", files: 2, bytes: 2000 };
const copied = (table: string): RunEvent => ({ at: 0, type: "copied", loadId: "1795", table, rows: 100, bytes: 1000 });
const migrated: RunEvent = {
  at: 0,
  type: "migrated",
  loadId: "1795",
  changes: [
    { table: "orders", added: ["a", "b", "c", "d", "e", "f"] },
    { table: "items", added: ["a"] },
  ],
};
const committed: RunEvent = { at: 0, type: "committed", loadId: "1795", milliseconds: 80 };

const after = (...events: readonly RunEvent[]): RunView => events.reduce(viewAfter, emptyView);
const plain = styleFor(testingHost().stderr, {});

describe("the state that things are in after a failure", () => {
  test.each<[string, readonly RunEvent[]]>([
    ["Nothing was read and nothing was changed.", []],
    [
      "Nothing of this run was loaded. The next run starts from the same place.",
      [started, begins("orders"), pages("orders", 3, 1)],
    ],
    [
      "Nothing of this run was loaded. The next run goes on from the last checkpoint: orders after page 3, items from its start, 1 resource finished.",
      [
        started,
        begins("orders"),
        begins("items"),
        ends("users", 2, 1),
        pages("orders", 3, 1),
        checkpoint,
        pages("orders", 9, 2),
      ],
    ],
    [
      "Nothing of this run was loaded. What was fetched is kept (package 1795): the next run loads it and fetches nothing again.",
      [started, begins("orders"), checkpoint, sealed, loading],
    ],
    ["1 load of this run is in the database (1795). The next run goes on from there.", [started, sealed, committed]],
    [
      "Nothing of this run was loaded. The next run goes on from the checkpoint that this one began at.",
      [started, { at: 0, type: "resumed", what: "draft", message: "Going on." }],
    ],
  ])("is said: %s", (text, events) => expect(standing(after(...events))).toBe(text));
});

describe("without a terminal", () => {
  test("there is a line when something begins or ends, and at most one in five seconds between", () => {
    const lines: string[] = [];
    const on = plainProgress((line) => lines.push(line));
    const between = Array.from({ length: 100 }, (_, index) => pages("orders", index + 1, (index + 1) * 100));
    [
      started,
      begins("orders"),
      ...between,
      ends("orders", 100, 10_000),
      sealed,
      loading,
      migrated,
      copied("orders"),
      copied("orders"),
      committed,
    ].forEach(on);
    expect(lines).toEqual([
      "shop → duckdb (shop_data)",
      "orders: started",
      "orders: 5,000 rows, 50 pages, 50.0 kB, 5.0 s",
      "orders: 10,000 rows, 100 pages, 100 kB, 10.0 s",
      "orders: finished, 10,000 rows, 100 pages, 100 kB, 10.0 s",
      "load 1795: 2 files, 2.0 kB",
      "orders: 6 new columns (a, b, c, d, e, …)",
      "items: 1 new column (a)",
      "  orders  200 rows  2.0 kB",
      "load 1795: committed, 80 ms",
    ]);
  });
});

describe("on a terminal", () => {
  const frame = { columns: 70, rows: 24, now: 10_000, spinner: "⠋", style: plain };

  test("each resource has a line, with its speed and its time", () => {
    const view = after(
      started,
      begins("customers"),
      begins("orders"),
      ends("customers", 12, 800),
      pages("orders", 382, 8000),
    );
    expect(progressLines(view, frame)).toEqual([
      "shop → duckdb (shop_data)  10.0 s",
      "  customers   1,200 rows   12 pages  12.0 kB  1,500/s   ✓ 0.8 s",
      "  orders     38,200 rows  382 pages   382 kB  3,820/s  ⠋ 10.0 s",
    ]);
  });

  test("the tables come with the load", () => {
    const view = after(started, sealed, loading, copied("orders"));
    expect(progressLines(view, frame).slice(1)).toEqual([
      "  ⠋ loading 1795: 2 files, 2.0 kB  5.0 s",
      "  orders  100 rows  1.0 kB",
    ]);
  });

  test("no line is wider and the view never higher than the terminal", () => {
    const many = Array.from({ length: 50 }, (_, index) =>
      begins(`a_very_long_name_of_a_resource_number_${index}_\u{1b}[2J表`),
    );
    for (const columns of [1, 5, 20, 40]) {
      const lines = progressLines(after(started, ...many), { ...frame, columns, rows: 10 });
      expect(lines.length).toBeLessThan(10);
      for (const line of lines) expect(line.length).toBeLessThan(Math.max(columns, 1));
      expect(lines.join("")).not.toContain("\u{1b}");
    }
  });

  test("it is drawn over itself, warnings stay above it, and the cursor comes back", () => {
    const host = testingHost({ terminal: true });
    const live = liveProgress(host, plain);
    [started, begins("orders")].forEach(live.on);
    host.tick();
    live.on({ at: 1, type: "warning", message: "careful" });
    host.tick();
    live.close();
    host.tick();
    const [first = "", ...redrawn] = host.err().split("\u{1b}[?25l").slice(1);
    expect(first).not.toContain("\u{1b}");
    expect(redrawn).toHaveLength(2);
    expect(redrawn[0]?.startsWith("\u{1b}[2A\r\u{1b}[0Jwarning: careful\nshop")).toBe(true);
    expect(host.err().endsWith("\u{1b}[?25h")).toBe(true);
  });
});
