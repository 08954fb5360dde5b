import { expect, test } from "vitest";
import { resourcePattern } from "./resource-pattern.ts";

test("a name means just that resource, and an expression what begins like it", () => {
  const isMeant = resourcePattern(["a.c", "re:order", "re:x$|y"]);
  expect(["a.c", "abc", "order", "orders", "my_orders", "x", "xx", "yy", "ay"].filter(isMeant)).toEqual([
    "a.c",
    "order",
    "orders",
    "x",
    "yy",
  ]);
});

test("nothing is meant where nothing is named", () => {
  expect(resourcePattern([])("")).toBe(false);
});

test("what is no expression is refused", () => {
  expect(() => resourcePattern(["re:("])).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
});
