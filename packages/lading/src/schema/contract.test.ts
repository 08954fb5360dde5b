import { describe, expect, test } from "vitest";
import { contractOf, fullContract, isNewTable, judge, type Contract } from "./contract.ts";
import { newSchema } from "./new-schema.ts";
import type { ColumnSchema, Schema, TableSchema } from "./schema.ts";

const evolve: Contract = { tables: "evolve", columns: "evolve", data_type: "evolve" };

function table(name: string, columns: readonly ColumnSchema[] = [], more: Partial<TableSchema> = {}): TableSchema {
  return { name, columns: new Map(columns.map((column) => [column.name, column])), ...more };
}

function schemaOf(...tables: readonly TableSchema[]): Schema {
  const schema = newSchema("s");
  for (const one of tables) schema.tables.set(one.name, one);
  return schema;
}

const a: ColumnSchema = { name: "a", data_type: "bigint", nullable: true };
const known = schemaOf(table("t", [a]), table("declared", [{ name: "x" }]));

describe("the contract of a table", () => {
  test("is its own, else that of the nearest table around it, else that of the source, else all evolves", () => {
    const schema = schemaOf(
      table("t", [a], { schema_contract: { columns: "freeze" } }),
      table("t__k", [], { parent: "t" }),
      table("t__k__m", [], { parent: "t__k", schema_contract: "discard_row" }),
      table("u", [a]),
    );
    expect(contractOf(schema, "t__k")).toEqual({ ...evolve, columns: "freeze" });
    expect(contractOf(schema, "t__k__m")).toEqual(fullContract("discard_row"));
    expect(contractOf(schema, "t__new", "t")).toEqual({ ...evolve, columns: "freeze" });
    expect(contractOf(schema, "u")).toEqual(evolve);
    schema.settings.schema_contract = { data_type: "discard_value" };
    expect(contractOf(schema, "u")).toEqual({ ...evolve, data_type: "discard_value" });
    expect(contractOf(schema, "t")).toEqual({ ...evolve, columns: "freeze" });
  });

  test("is never asked about dlt's own tables", () => {
    const schema = schemaOf();
    schema.settings.schema_contract = "freeze";
    expect(contractOf(schema, "_dlt_loads")).toEqual(evolve);
  });
});

test("a table is new until one of its columns has a type", () => {
  expect(["t", "declared", "other"].map((name) => isNewTable(known, name))).toEqual([false, true, true]);
});

describe("a change", () => {
  const added: ColumnSchema = { name: "b", data_type: "text", nullable: true };
  const variant: ColumnSchema = { name: "a__v_text", data_type: "text", nullable: true, variant: true };

  test("of a table that is new is about tables, not about columns", () => {
    const change = table("other", [added]);
    expect(judge(known, { ...evolve, columns: "freeze" }, change)).toEqual({ allowed: change, violations: [] });
    expect(judge(known, { ...evolve, tables: "discard_value" }, change)).toEqual({
      allowed: undefined,
      violations: [{ entity: "tables", mode: "discard_value", column: undefined }],
    });
  });

  test("of columns is about those that are new, of types about variants and what is declared otherwise", () => {
    const dropped: ColumnSchema = { name: "_dlt_root_id", data_type: "text" };
    const change = table("t", [added, variant, dropped, { ...a, nullable: false }]);
    const { allowed, violations } = judge(
      known,
      { ...evolve, columns: "discard_row", data_type: "discard_value" },
      change,
    );
    expect([...allowed!.columns.keys()]).toEqual(["_dlt_root_id"]);
    expect(violations).toEqual([
      { entity: "columns", mode: "discard_row", column: "b" },
      { entity: "data_type", mode: "discard_value", column: "a__v_text" },
      { entity: "data_type", mode: "discard_value", column: "a" },
    ]);
    expect(judge(known, { ...evolve, columns: "freeze" }, table("t", [variant, { name: "a", unique: true }]))).toEqual({
      allowed: table("t", [variant, { name: "a", unique: true }]),
      violations: [],
    });
  });

  test("is free where the table's columns may evolve once", () => {
    const schema = schemaOf(table("t", [a], { "x-normalizer": { "evolve-columns-once": true } }));
    expect(judge(schema, { ...evolve, columns: "freeze" }, table("t", [added])).violations).toEqual([]);
    expect(judge(schema, fullContract("freeze"), table("t", [variant])).violations).toHaveLength(1);
  });
});
