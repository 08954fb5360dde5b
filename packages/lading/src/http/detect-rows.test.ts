import { describe, expect, test } from "vitest";
import { detectRows } from "./detect-rows.ts";

const rows = [{ id: 1 }];

describe("rows are found", () => {
  test.each([
    [{ data: rows, pagination: { offset: 0, limit: 1, total: 5 } }, "data"],
    [{ items: rows, page_info: { current_page: 1, total_pages: 5 } }, "items"],
    [{ products: rows, next_cursor: "eyJ" }, "products"],
    [{ count: 1, next: "http://a", previous: null, results: rows }, "results"],
    [{ _embedded: { items: rows }, _links: { next: { href: "/x" } }, page: { totalPages: 2 } }, "_embedded.items"],
    [{ articles: rows, paging: { current: 1 } }, "articles"],
    [{ feed: rows, offset: 0, total_count: 2 }, "feed"],
    [{ meta: { tags: [{ a: 1 }] }, posts: rows }, "posts"],
    [{ links: [{ rel: "next" }], posts: rows }, "posts"],
    [{ tags: ["a"], things: rows }, "things"],
    [{ errors: [{ a: 1 }], data: [] }, "data"],
    [{ other: rows, data: rows }, "data"],
    [{ Data: rows }, "Data"],
    [{ data: null, total: 0 }, "data"],
    [{ values: [1, 2] }, "values"],
    [{ "my rows": rows }, "['my rows']"],
    [{ data: { deep: { list: rows } } }, "data.deep.list"],
    [rows, "$"],
    [{ id: 1, name: "x" }, "$"],
    [{ id: 1, name: "x", orders: rows }, "$"],
    [{ name: "x", tags: ["a", "b"] }, "$"],
    [{ id: "list", data: rows }, "data"],
    [null, "$"],
    ["text", "$"],
  ])("%j: %s", (body, selector) => {
    expect(detectRows(body).selector).toBe(selector);
  });

  test("and another list that could be meant is named", () => {
    expect(detectRows({ users: rows, teams: rows })).toEqual({ selector: "users", rival: "teams" });
  });
});
