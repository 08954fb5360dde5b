import { describe, expect, test } from "vitest";
import { mergeTable } from "./merge.ts";
import { newSchema } from "./new-schema.ts";
import type { ColumnSchema, Schema, TableSchema } from "./schema.ts";

const table = (
  name: string,
  rest: Omit<Partial<TableSchema>, "columns" | "name">,
  columns: readonly ColumnSchema[] = [],
): TableSchema => ({
  name,
  columns: new Map(columns.map((column) => [column.name, { ...column }])),
  ...rest,
});

function shop(): Schema {
  const schema = newSchema("shop");
  mergeTable(schema, table("orders", { write_disposition: "append" }, [{ name: "id", data_type: "bigint" }]));
  mergeTable(schema, table("orders__items", { parent: "orders" }, [{ name: "sku", data_type: "text" }]));
  return schema;
}

const columnsOf = (schema: Schema, name: string): string[] => [...schema.tables.get(name)!.columns.keys()];

describe("what is new of a table", () => {
  test("is put behind what was known", () => {
    const schema = shop();
    mergeTable(schema, table("orders", {}, [{ name: "total", data_type: "double" }]));
    expect(columnsOf(schema, "orders")).toEqual(["id", "total"]);
    expect(schema.tables.get("orders")!.write_disposition).toBe("append");
  });

  test("moves a column that has its type only now to the end", () => {
    const schema = shop();
    mergeTable(schema, table("orders", {}, [{ name: "late" }, { name: "total", data_type: "double" }]));
    mergeTable(schema, table("orders", {}, [{ name: "late", data_type: "text" }]));
    expect(columnsOf(schema, "orders")).toEqual(["id", "total", "late"]);
  });

  test("replaces a key that is declared anew", () => {
    const schema = shop();
    mergeTable(schema, table("orders", {}, [{ name: "id", primary_key: true }]), { declared: true });
    mergeTable(schema, table("orders", {}, [{ name: "number", primary_key: true }]), { declared: true });
    expect(schema.tables.get("orders")!.columns.get("id")).not.toHaveProperty("primary_key");
  });

  test("passes the root's id down once rows are merged, in tables that are nested already too", () => {
    const schema = shop();
    mergeTable(schema, table("orders", { write_disposition: "merge" }));
    expect(schema.normalizers.json.config?.propagation?.tables).toEqual({ orders: { _dlt_id: "_dlt_root_id" } });
  });
});

describe("a table is nested in one other, or in none", () => {
  test("one whose parent is not there is SCHEMA_CONFLICT", () => {
    expect(() => mergeTable(shop(), table("notes__lines", { parent: "notes" }))).toThrow(
      expect.objectContaining({
        code: "SCHEMA_CONFLICT",
        message: 'The table "notes__lines" is nested in "notes", which is not in the schema "shop".',
      }),
    );
  });

  test.each([
    ["from one table into another", "orders__items", 'nested in "orders" and cannot be moved into "people"'],
    ["from the top into another", "orders", 'nested in "nothing" and cannot be moved into "people"'],
  ])("moving it %s is SCHEMA_CONFLICT", (_, name, message) => {
    const schema = shop();
    mergeTable(schema, table("people", {}));
    expect(() => mergeTable(schema, table(name, { parent: "people" }))).toThrow(
      expect.objectContaining({ code: "SCHEMA_CONFLICT", message: expect.stringContaining(message) as string }),
    );
  });
});
