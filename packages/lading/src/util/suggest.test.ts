import { expect, test } from "vitest";
import { didYouMean, suggest } from "./suggest.ts";

test.each([
  ["destinaton", "destination"],
  ["nmae", "name"],
  ["SOURCE", "source"],
  ["dataset_name", undefined],
  ["x", undefined],
  ["", undefined],
])("%s is likely to mean %s", (name, expected) => {
  expect(suggest(name, ["name", "destination", "dataset", "source"])).toBe(expected);
});

test("the nearest of several is meant", () => {
  expect(didYouMean("order", ["orders2", "orders"])).toBe(' Did you mean "orders"?');
  expect(didYouMean("order", ["customers"])).toBe("");
});
