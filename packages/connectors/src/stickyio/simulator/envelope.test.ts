import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { count, tableNames, type World } from "./data/world.ts";
import { envelope, pageOf, type PageOf } from "./envelope.ts";

const path = "http://acme.example/v2/orders";

function world(orders: number): World {
  return { seed: 1, orders, touches: [], growths: [], bigIds: false };
}

function read(
  options: Partial<PageOf> & { readonly world: World },
): Record<string, unknown> & { data: { id: unknown }[] } {
  const text = envelope({ table: "orders", page: 1, perPage: 10, path, ...options });
  return JSON.parse(text) as ReturnType<typeof read>;
}

describe("the envelope of a list", () => {
  it("has every field of a Laravel paginator on a page in the middle", () => {
    const { data, ...rest } = read({ world: world(25), page: 2 });
    expect(data).toHaveLength(10);
    expect(rest).toEqual({
      status: "SUCCESS",
      current_page: 2,
      first_page_url: `${path}?page=1`,
      from: 11,
      last_page: 3,
      last_page_url: `${path}?page=3`,
      next_page_url: `${path}?page=3`,
      path,
      per_page: 10,
      prev_page_url: `${path}?page=1`,
      to: 20,
      total: 25,
    });
  });

  it("has no link back on the first page, and none on on the last", () => {
    expect(read({ world: world(25) })).toMatchObject({ prev_page_url: null, next_page_url: `${path}?page=2`, from: 1 });
    expect(read({ world: world(25), page: 3 })).toMatchObject({ next_page_url: null, from: 21, to: 25, last_page: 3 });
  });

  it("ends with a full page where the rows are a multiple of the page size", () => {
    const last = read({ world: world(20), page: 2 });
    expect(last).toMatchObject({ next_page_url: null, last_page: 2, to: 20 });
    expect(last.data).toHaveLength(10);
  });

  it("is empty beyond the last page", () => {
    expect(read({ world: world(25), page: 9 })).toMatchObject({
      status: "SUCCESS",
      current_page: 9,
      data: [],
      from: null,
      to: null,
      next_page_url: null,
      prev_page_url: `${path}?page=8`,
      last_page: 3,
      total: 25,
    });
  });

  it("has one empty page where there are no rows", () => {
    expect(read({ world: world(0) })).toMatchObject({
      data: [],
      total: 0,
      from: null,
      to: null,
      last_page: 1,
      next_page_url: null,
      prev_page_url: null,
    });
  });

  it("gives every row of a list once, in order, whatever the page size", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...tableNames),
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 1, max: 50 }),
        (table, orders, perPage) => {
          const ids: unknown[] = [];
          for (let page = 1; ; page++) {
            const answer = read({ world: world(orders), table, page, perPage });
            ids.push(...answer.data.map((row) => row.id));
            if (answer["next_page_url"] === null) break;
          }
          expect(ids).toHaveLength(count(table, orders));
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("the page asked for", () => {
  it.each([
    ["", 1],
    ["page=1", 1],
    ["page=12&x=y", 12],
    ["page=2&page=3", 3],
    ["page=0", undefined],
    ["page=-1", undefined],
    ["page=1.5", undefined],
    ["page=", undefined],
    ["page=two", undefined],
    ["page=9999999999999999", undefined],
  ])("of %j is %s", (query, page) => {
    expect(pageOf(new URLSearchParams(query))).toBe(page);
  });
});
