import { describe, expect, test } from "vitest";
import { compileSelector } from "../../http/index.ts";
import type { ExactObject } from "../../util/exact.ts";
import { fromPlain, toPlain } from "../../util/json.ts";
import { deletePaths, findPaths, printPath } from "./state-paths.ts";

const content = {
  page: 3,
  resources: { a: { incremental: { at: { last_value: 1 } }, k: [1, 2, { x: 1 }] }, b: { seen: true } },
  list: [{ id: 1 }, { id: 2 }],
  "we ird": 1,
};
const state = (): ExactObject => fromPlain(content) as ExactObject;
const found = (path: string): readonly string[] => findPaths(compileSelector(path), state()).map(printPath);

describe("places in a state, as dlt names them", () => {
  test.each([
    ["page", ["page"]],
    ["$.page", ["page"]],
    ["*", ["page", "resources", "list", "'we ird'"]],
    ["resources.a.incremental", ["resources.a.incremental"]],
    ["$.resources.*.incremental", ["resources.a.incremental"]],
    ["list[0]", ["list.[0]"]],
    ["list[-1]", ["list.[1]"]],
    ["list[*].id", ["list.[0].id", "list.[1].id"]],
    ["resources.a.k[2].x", ["resources.a.k.[2].x"]],
    ["['we ird']", ["'we ird'"]],
    ["nope.at.all", []],
    ["$", []],
  ])("%s", (path, places) => {
    expect(found(path)).toEqual(places);
  });

  test("a path that cannot be followed is refused", () => {
    expect(() => found("$..page")).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });
});

test("all places that were found are taken out, whatever they do to one another", () => {
  const taken = state();
  const paths = ["list[*]", "resources.a.k[0]", "resources.a.k[2]", "resources.a.k[2].x", "resources.b", "page"];
  deletePaths(
    taken,
    paths.flatMap((path) => findPaths(compileSelector(path), taken)),
  );
  expect(toPlain(taken)).toEqual({
    resources: { a: { incremental: { at: { last_value: 1 } }, k: [2] } },
    list: [],
    "we ird": 1,
  });
});

test("more than nine elements of a list are taken out from its end", () => {
  const taken = fromPlain({ list: Array.from({ length: 12 }, (_, n) => n) }) as ExactObject;
  deletePaths(taken, [
    ["list", 2],
    ["list", 11],
    ["list", 10],
  ]);
  expect(toPlain(taken)).toEqual({ list: [0, 1, 3, 4, 5, 6, 7, 8, 9] });
});
