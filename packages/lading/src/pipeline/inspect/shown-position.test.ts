import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../util/json-value.ts";
import { shownPosition } from "./shown-position.ts";

test("what a configuration put into a request by itself is hidden by its name", () => {
  const request = {
    method: "POST",
    url: "https://u:p@x.example/a?api_key=hunter22&page=3",
    headers: { "X-Api-Key": "hunter22", accept: "*/*" },
    json: { password: "hunter22", page: 3 },
  };
  expect(shownPosition({ at: { request, selector: "data" }, cursor: ["https://x.example/?token=hunter22"] })).toEqual({
    at: {
      request: {
        method: "POST",
        url: "https://x.example/a?api_key=***&page=3",
        headers: { "X-Api-Key": "***", accept: "*/*" },
        json: { password: "***", page: 3 },
      },
      selector: "data",
    },
    cursor: ["https://x.example/?token=***"],
  });
});

test("a position of one's own stays as it is, whatever its names", () => {
  expect(shownPosition({ key: "abc", token: 7 })).toEqual({ key: "abc", token: 7 });
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: true }), (value) => {
      const position = value as Json;
      fc.pre(!/"request"|:\/\//.test(JSON.stringify(position)));
      expect(JSON.stringify(shownPosition(position))).toBe(JSON.stringify(position));
    }),
  );
});
