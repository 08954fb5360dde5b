import { describe, expect, test } from "vitest";
import type { TableSchema } from "../schema/schema.ts";
import { parseExact } from "../util/json.ts";
import type { ExactObject } from "../util/exact.ts";
import { contentId, keyId, rootId, rootIdsOf } from "./root-id.ts";

const document = (text: string): ExactObject => parseExact(text) as ExactObject;

describe("ids that are hashes are dlt's", () => {
  test("of a document: keys in order, nested content included, dlt's own keys left out", () => {
    expect(contentId(document('{"b":1,"a":"x"}'))).toBe("t8htE3Gr5XylGw");
    expect(contentId(document('{"b":1,"_dlt_x":7,"a":"x"}'))).toBe("t8htE3Gr5XylGw");
    expect(contentId(document('{"n":{"x":1},"a":1,"l":[1],"b":2}'))).toBe("OxBWEu/T/WbKmQ");
  });

  test("of a document: 1 is not 1.0", () => {
    expect(contentId(document('{"v":1}'))).not.toBe(contentId(document('{"v":1.0}')));
  });

  test("of a key", () => {
    expect(keyId([["id", 1n]])).toBe("z5jIxXIbUnmbKw");
    expect(keyId([["id", null]])).toBe("ljdFSlj0Tv4BqQ");
  });
});

test("a table's strategy says what its ids are made from", () => {
  const table = (hints: Partial<TableSchema>): TableSchema => ({
    name: "t",
    columns: new Map([["id", { name: "id", primary_key: true }]]),
    write_disposition: "merge",
    ...hints,
  });
  expect(rootIdsOf(undefined)).toEqual({ kind: "random" });
  expect(rootIdsOf(table({}))).toEqual({ kind: "random" });
  for (const strategy of ["upsert", "insert-only", "cdc"]) {
    expect(rootIdsOf(table({ "x-merge-strategy": strategy }))).toEqual({ kind: "key", columns: ["id"] });
    expect(rootIdsOf(table({ "x-merge-strategy": strategy, write_disposition: "append" }))).toEqual({ kind: "random" });
  }
  const version = (name: string): TableSchema =>
    table({ "x-merge-strategy": "scd2", columns: new Map([[name, { name, "x-row-version": true }]]) });
  expect(rootIdsOf(version("_dlt_id"))).toEqual({ kind: "content" });
  expect(rootIdsOf(version("etag"))).toEqual({ kind: "random" });
  expect(rootId({ kind: "key", columns: ["id"] }, new Map(), new Map([["id", 1n]]))).toBe("z5jIxXIbUnmbKw");
});
