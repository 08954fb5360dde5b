import { describe, expect, test } from "vitest";
import type { ResourceHints } from "../resource/hints.ts";
import { createNaming } from "../schema/naming/index.ts";
import { columnHintsFromDlt, declareTable } from "./declare.ts";
import { cachedNames } from "./names.ts";
import { rootTableName } from "./root-table.ts";

const names = cachedNames(createNaming("snake_case", undefined));
const declared = (hints: ResourceHints): ReturnType<typeof declareTable> =>
  declareTable(hints, "Orders", "orders", names);

describe("what a resource declares", () => {
  test("becomes a table: columns as declared, keys that must have a value", () => {
    const table = declared({
      writeDisposition: "merge",
      primaryKey: ["orderId"],
      columns: { Total: { dataType: "decimal", precision: 10, scale: 2, nullable: true } },
    });
    expect(table).toEqual({
      name: "orders",
      resource: "Orders",
      write_disposition: "merge",
      columns: new Map([
        ["total", { name: "total", data_type: "decimal", precision: 10, scale: 2, nullable: true }],
        ["order_id", { name: "order_id", nullable: false, primary_key: true }],
      ]),
    });
  });

  test("may be written as dlt writes it", () => {
    expect(columnHintsFromDlt({ id: { data_type: "text", primary_key: true } })).toEqual({
      id: { dataType: "text", primaryKey: true },
    });
  });

  test("needs a name", () => {
    const noName = expect.objectContaining({ code: "NAME_EMPTY" }) as Error;
    expect(() => rootTableName(names, { tableName: " " }, "orders")).toThrow(noName);
    expect(() => declared({ columns: [{ dataType: "text" }] })).toThrow(noName);
  });
});

test("a contract is kept as dlt keeps it", () => {
  expect(declared({ schemaContract: "freeze" }).schema_contract).toBe("freeze");
  expect(declared({ schemaContract: { columns: "evolve", dataType: "discard_row" } }).schema_contract).toEqual({
    columns: "evolve",
    data_type: "discard_row",
  });
  expect(declared({})).not.toHaveProperty("schema_contract");
});
