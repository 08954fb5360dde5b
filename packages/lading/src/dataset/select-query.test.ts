import { describe, expect, test } from "vitest";
import {
  checkCondition,
  countPieces,
  selectPieces,
  toStatement,
  type Condition,
  type SelectQuery,
} from "./select-query.ts";

const dialect = {
  quote: (name: string): string => `"${name.replaceAll('"', '""')}"`,
  qualify: (table: string): string => `"shop"."main"."${table}"`,
};
const all: SelectQuery = { table: "orders", where: [], orderBy: [] };

function select(changes: Partial<SelectQuery>): ReturnType<typeof toStatement> {
  return toStatement(selectPieces({ ...all, ...changes }, dialect));
}

describe("selectPieces", () => {
  test("a whole table", () => {
    expect(select({})).toEqual({ sql: 'SELECT * FROM "shop"."main"."orders"', parameters: [] });
  });

  test("columns, conditions, order and limit, with each value as a parameter", () => {
    expect(
      select({
        columns: ["id", 'odd "name"'],
        where: [
          { column: "total", operator: ">=", value: 100 },
          { column: "state", operator: "in", value: ["open", "paid"] },
          { column: "note", operator: "is not", value: null },
          { column: "name", operator: "not like", value: "a%" },
          { column: "id", operator: "!=", value: 7n },
        ],
        orderBy: [
          { column: "total", direction: "desc" },
          { column: "id", direction: "asc" },
        ],
        limit: 10,
      }),
    ).toEqual({
      sql:
        'SELECT "id", "odd ""name""" FROM "shop"."main"."orders"' +
        ' WHERE "total" >= $1 AND "state" IN ($2, $3) AND "note" IS NOT NULL AND "name" NOT LIKE $4 AND "id" <> $5' +
        ' ORDER BY "total" DESC, "id" ASC LIMIT 10',
      parameters: [100, "open", "paid", "a%", 7n],
    });
  });

  test("an empty list holds nothing", () => {
    expect(select({ where: [{ column: "id", operator: "in", value: [] }] }).sql).toMatch(/ WHERE 1 = 0$/);
    expect(select({ where: [{ column: "id", operator: "not in", value: [] }] }).sql).toMatch(/ WHERE 1 = 1$/);
  });

  test("counting leaves out the order, but not the limit", () => {
    const query: SelectQuery = { ...all, orderBy: [{ column: "id", direction: "asc" }], limit: 3 };
    expect(toStatement(countPieces(query, dialect)).sql).toBe(
      'SELECT count(*) AS "count" FROM (SELECT * FROM "shop"."main"."orders" LIMIT 3) AS "counted"',
    );
  });
});

describe("checkCondition", () => {
  test.each([
    ["id", "=", null, "nothing equals null"],
    ["id", "=", undefined, "undefined"],
    ["id", "is", 1, "only null"],
    ["id", "in", 1, "must be an array"],
    ["id", "in", [1, null], "null is in no list"],
    ["id", "; drop table", 1, "no such operator"],
    ["id", "constructor", 1, "no such operator"],
  ])('refuses where("%s", "%s", %o)', (column, operator, value, message) => {
    expect(() => checkCondition({ column, operator, value } as Condition)).toThrow(message);
  });
});
