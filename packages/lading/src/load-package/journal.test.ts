import * as fc from "fast-check";
import { expect, test } from "vitest";
import { emptyJournal, foldJournal, journalLine, readJournal, type JournalEntry } from "./journal.ts";

const entries: readonly JournalEntry[] = [
  {
    at: "2026-01-01T00:00:00.000Z",
    resources: { orders: { finished: false, pages: 1, rows: 2, bytes: 10, position: { page: 2 } } },
    parts: {
      "rows/orders/orders.1.tsv": {
        resource: "orders",
        table: "orders",
        columns: ["_dlt_id", "id"],
        bytes: 20,
        rows: 2,
        longestRow: 10,
      },
    },
    changes: [
      {
        resource: "orders",
        kind: "inferred",
        table: '{"name":"orders","columns":{"id":{"name":"id","data_type":"bigint"}}}',
      },
    ],
  },
  {
    at: "2026-01-01T00:00:01.000Z",
    resources: { items: { finished: true, pages: 3, rows: 9, bytes: 90, position: null } },
    parts: {
      "rows/items/orders.2.tsv": {
        resource: "items",
        table: "orders",
        columns: ["_dlt_id", "id"],
        bytes: 20,
        rows: 2,
        longestRow: 10,
      },
    },
    changes: [
      {
        resource: "items",
        kind: "inferred",
        table: '{"name":"orders","columns":{"extra":{"name":"extra","data_type":"text"}}}',
      },
    ],
  },
];

test("reads back what was written", () => {
  const text = entries.map(journalLine).join("");
  expect(readJournal(text)).toEqual({ entries, length: Buffer.byteLength(text) });
});

test("leaves out a torn last line, wherever it was torn", () => {
  const text = entries.map(journalLine).join("");
  const first = Buffer.byteLength(journalLine(entries[0]!));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: text.length - 1 }), (length) => {
      const torn = Buffer.from(text).subarray(0, length).toString();
      const read = readJournal(torn);
      expect(read.length).toBe(length >= first ? first : 0);
      expect(read.entries).toHaveLength(length >= first ? 1 : 0);
    }),
  );
});

test("does not count what comes after a damaged line", () => {
  const text = entries.map(journalLine).join("");
  expect(readJournal(`x${text}`).entries).toEqual([]);
});

test("puts lines together, the newest word of each thing", () => {
  const state = entries.reduce(foldJournal, emptyJournal);
  expect([...state.resources.keys()]).toEqual(["orders", "items"]);
  expect(state.parts.size).toBe(2);
  expect(state.changes).toHaveLength(2);
});

test("takes back the rows and the columns of a resource that begins anew, but not columns that others use", () => {
  const state = [...entries, { at: "", dropped: ["orders"] }].reduce(foldJournal, emptyJournal);
  expect([...state.resources.keys()]).toEqual(["items"]);
  expect([...state.parts.keys()]).toEqual(["rows/items/orders.2.tsv"]);
  expect(
    state.changes.map((change) => [
      change.resource,
      Object.keys((JSON.parse(change.table) as { columns: object }).columns),
    ]),
  ).toEqual([
    ["orders", ["id"]],
    ["items", ["extra"]],
  ]);
});
