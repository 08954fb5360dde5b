import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromPlain, toPlain } from "../util/json.ts";
import type { Exact } from "../util/exact.ts";
import { selectRows } from "./rows.ts";
import { compileSelector, select, selectFirst } from "./selector.ts";

const body = {
  items: [{ id: 1 }, { id: 2 }],
  "@odata.nextLink": "/next",
  "a b": { "c.d": 3 },
  nested: { list: [[1, 2], [3]], groups: [{ rows: [1] }, {}, { rows: [2, 3] }] },
  none: null,
};

describe("a selector", () => {
  test.each([
    ["$", [body]],
    ["items", [body.items]],
    ["$.items", [body.items]],
    ["$['items']", [body.items]],
    ["items[*]", body.items],
    ["items[0].id", [1]],
    ["items[-1].id", [2]],
    ["items[*].id", [1, 2]],
    ["items.*.id", [1, 2]],
    ["['@odata.nextLink']", ["/next"]],
    ['["@odata.nextLink"]', ["/next"]],
    ["'a b'.'c.d'", [3]],
    ['"a b"["c.d"]', [3]],
    ["nested.groups[*].rows[*]", [1, 2, 3]],
    ["none", [null]],
  ])("%s", (text, values) => {
    expect(select(compileSelector(text), body).values).toEqual(values);
  });

  test.each(["", "$.", "a..b", "a[?(@.x>1)]", "a[1:3]", "a b", "a.", "$x", "a|b", "a['b"])("%j is refused", (text) => {
    expect(() => compileSelector(text)).toThrow(/cannot be used/);
  });

  test("does not find what an object has from elsewhere", () => {
    expect(selectFirst(compileSelector("constructor"), {})).toBeUndefined();
    expect(selectFirst(compileSelector("__proto__"), {})).toBeUndefined();
  });

  test("says where the way ends", () => {
    const { missing } = select(compileSelector("nested.grups[*].rows"), body);
    expect(missing).toEqual({ at: ".nested", sought: ".grups", keys: ["list", "groups"] });
    expect(select(compileSelector("items[*].x"), { items: [] })).toEqual({ values: [] });
  });

  test("finds the same in exact values as in plain ones", () => {
    const key = fc.constantFrom("a", "b", "c");
    const step = fc.oneof(key, fc.constantFrom("[0]", "[-1]", "[*]"));
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.string(),
        fc.constant(null),
        fc.array(tie("node"), { maxLength: 3 }),
        fc.dictionary(key, tie("node")),
      ),
    })).node;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), value, (steps, json) => {
        const selector = compileSelector(`$${steps.map((s) => (s.startsWith("[") ? s : `.${s}`)).join("")}`);
        const plain = select(selector, json);
        const exact = select(selector, fromPlain(json));
        expect(exact.values.map((item) => toPlain(item as Exact))).toEqual(
          plain.values.map((item) => toPlain(fromPlain(item))),
        );
        expect(exact.missing).toEqual(plain.missing);
      }),
    );
  });
});

describe("rows", () => {
  const where = "http://a";
  test.each([
    ["$", [1, 2], [1, 2]],
    ["$", { a: 1 }, [{ a: 1 }]],
    ["items", { items: null }, []],
    ["item", { item: { id: 1 } }, [{ id: 1 }]],
    ["n", { n: 5 }, [5]],
    ["items[*]", { items: [{ id: 1 }] }, [{ id: 1 }]],
    ["items[*]", { items: [[1], [2]] }, [[1], [2]]],
    ["items[*]", { items: [] }, []],
    ["groups[*].items", { groups: [{ items: [1, 2] }, { items: [3] }, {}] }, [1, 2, 3]],
    ["groups[*].items", { groups: [{ items: [1, 2] }] }, [1, 2]],
  ])("%s of %j", (selector, json, rows) => {
    expect(selectRows(compileSelector(selector), json, { where })).toEqual(rows);
  });

  test("that are nowhere are an error with the keys that are there", () => {
    const at = (selector: string, json: unknown): readonly unknown[] =>
      selectRows(compileSelector(selector), json, { where });
    expect(() => at("data.itms", { data: { items: [] } })).toThrow(".itms is not there; .data has only: items.");
    expect(() => at("data", [1])).toThrow("the body is a list, or an empty one");
    expect(() => at("groups[*].itms", { groups: [{ items: [] }] })).toThrow("has only: items");
  });
});
