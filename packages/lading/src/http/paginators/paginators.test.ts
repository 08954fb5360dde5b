import { describe, expect, test } from "vitest";
import { fromPlain } from "../../util/json.ts";
import type { PageRequest } from "../page-request.ts";
import { nextEvidence } from "./evidence.ts";
import { linkWithRel } from "./header-link.ts";
import {
  auto,
  cursor,
  headerCursor,
  headerLink,
  jsonLink,
  offset,
  type PageContent,
  pageNumber,
  type Paginator,
  singlePage,
} from "./index.ts";

const start: PageRequest = { method: "GET", url: "http://example.com/api/things?page=1", headers: {} };

function page(
  body: unknown,
  more: Partial<PageContent> & { readonly header?: Record<string, string> } = {},
): PageContent {
  const { header = {}, request = start, ...rest } = more;
  const response = { status: 200, headers: header, url: request.url };
  return { request, response, body, exact: () => fromPlain(body), rows: [{ id: 1 }], ...rest };
}

/** The requests that a paginator makes of the bodies, the first one included. */
function chain(
  paginator: Paginator,
  bodies: readonly (readonly [body: unknown, rows?: readonly unknown[]])[],
): readonly PageRequest[] {
  const requests = [paginator.first?.(start) ?? start];
  for (const [body, rows = [1]] of bodies) {
    const next = paginator.next(page(body, { request: requests.at(-1)!, rows }));
    if (next === undefined) break;
    requests.push(next);
  }
  return requests;
}

const query = (request: PageRequest | undefined): string | undefined => request && new URL(request.url).search;

describe("json_link", () => {
  test.each([
    ["next", { next: "http://other.example/x?y=%E3%81%82" }, "http://other.example/x?y=%E3%81%82"],
    ["next_page.url", { next_page: { url: "/api/x?page=2" } }, "http://example.com/api/x?page=2"],
    ["['@odata.nextLink']", { "@odata.nextLink": "?page=2" }, "http://example.com/api/things?page=2"],
    ["next", { next: "others?page=2" }, "http://example.com/api/others?page=2"],
  ])("follows %s of %j", (nextUrlPath, body, url) => {
    expect(jsonLink({ nextUrlPath }).next(page(body))?.url).toBe(url);
  });

  test("ends where there is no link", () => {
    for (const body of [{}, { next: null }, { next: "" }, { next: false }, []])
      expect(jsonLink().next(page(body))).toBeUndefined();
  });

  test("fails at what can be no link", () => {
    expect(() => jsonLink().next(page({ next: { a: 1 } }))).toThrow('"next" should be a link');
    expect(() => jsonLink().next(page({ next: "http://" }))).toThrow("is no URL");
  });
});

describe("header_link", () => {
  test.each([
    ['<http://a/2>; rel="next", <http://a/9>; rel="last"', "http://a/2"],
    ["<http://a/9>; rel=last , <http://a/2>; rel=next", "http://a/2"],
    ['<http://a/2?x=1,2;3>; title="a, b; rel=\\"no"; rel="prefetch next"', "http://a/2?x=1,2;3"],
    ['<http://a/2?x=1,2;3>; title="a, b"; rel="prefetch next"', "http://a/2?x=1,2;3"],
    ['<http://a/2>; REL="NEXT"', "http://a/2"],
    ['<http://a/2>; rel="prev"', undefined],
    ["nonsense", undefined],
    ["", undefined],
  ])("of %s is %s", (header, link) => {
    expect(linkWithRel(header, "next")).toBe(link);
  });

  test("resolves and ends", () => {
    expect(headerLink().next(page([], { header: { link: '<?page=2>; rel="next"' } }))?.url).toBe(
      "http://example.com/api/things?page=2",
    );
    expect(headerLink().next(page([]))).toBeUndefined();
  });

  test("takes no long time over a hostile header", () => {
    const begin = performance.now();
    linkWithRel(`<a>${"; x".repeat(20_000)}`, "next");
    linkWithRel("<".repeat(50_000), "next");
    linkWithRel(`<a>;rel="${"next ".repeat(10_000)}`, "next");
    expect(performance.now() - begin).toBeLessThan(500);
  });
});

describe("header_cursor", () => {
  test("sends the header's value, and ends without one", () => {
    const next = headerCursor({ cursorKey: "X-Next", cursorParam: "page" }).next(
      page([], { header: { "x-next": "7" } }),
    );
    expect(query(next)).toBe("?page=7");
    expect(headerCursor().next(page([], { header: { next: "" } }))).toBeUndefined();
  });
});

describe("cursor", () => {
  const stripe = cursor({ cursorPath: "next", hasMorePath: "has_more" });

  test("is put into the query, or the body", () => {
    expect(query(cursor({ cursorPath: "next" }).next(page({ next: "a b" })))).toBe("?page=1&cursor=a%20b");
    expect(cursor({ cursorPath: "next", cursorBodyPath: "page.after" }).next(page({ next: 5 }))?.json).toEqual({
      page: { after: 5 },
    });
  });

  test.each([null, "", 0, false])("ends at %j", (next) => {
    expect(cursor({ cursorPath: "next" }).next(page({ next }))).toBeUndefined();
  });

  test("ends where the flag says so, though there is a cursor", () => {
    for (const flag of [false, "false", "no", 0])
      expect(stripe.next(page({ next: "x", has_more: flag }))).toBeUndefined();
    for (const flag of [true, "True", "yes", 1])
      expect(query(stripe.next(page({ next: "x", has_more: flag })))).toContain("cursor=x");
  });

  test("fails where there is more and no cursor, or where the flag says nothing", () => {
    expect(() => stripe.next(page({ has_more: true }))).toThrow(
      '"has_more" says that there is more, but "next" has no cursor',
    );
    expect(() => stripe.next(page({ next: "x" }))).toThrow("is missing");
    expect(() => stripe.next(page({ next: "x", has_more: "perhaps" }))).toThrow('is "perhaps"');
  });

  test("ends after an empty page, if asked to", () => {
    expect(
      cursor({ cursorPath: "next", stopAfterEmptyPage: true }).next(page({ next: "x" }, { rows: [] })),
    ).toBeUndefined();
    expect(cursor({ cursorPath: "next" }).next(page({ next: "x" }, { rows: [] }))).toBeDefined();
  });

  test("takes one place, not two", () => {
    expect(() => cursor({ cursorParam: "a", cursorBodyPath: "b" })).toThrow("not both");
    expect(() => cursor({ cursorParam: "" })).toThrow("must not be empty");
  });
});

describe("page_number", () => {
  test("counts from its base to the total of pages", () => {
    const requests = chain(pageNumber({ basePage: 1, totalPath: "pages" }), [
      [{ pages: "3" }],
      [{ pages: 3 }],
      [{ pages: 3 }],
    ]);
    expect(requests.map(query)).toEqual(["?page=1", "?page=2", "?page=3"]);
    expect(chain(pageNumber({ totalPath: "pages" }), [[{ pages: 2 }], [{ pages: 2 }]]).map(query)).toEqual([
      "?page=0",
      "?page=1",
    ]);
  });

  test("without a total ends at an empty page", () => {
    expect(chain(pageNumber({ basePage: 1 }), [[{}], [{}], [{}, []], [{}]]).map(query)).toEqual([
      "?page=1",
      "?page=2",
      "?page=3",
    ]);
  });

  test("uses a total that happens to be there, and needs one that was named", () => {
    expect(chain(pageNumber({ basePage: 1 }), [[{ total: 1 }]])).toHaveLength(1);
    expect(() => chain(pageNumber({ totalPath: "pages" }), [[{}]])).toThrow('the total "pages" is not there');
    expect(() => chain(pageNumber({ stopAfterEmptyPage: false }), [[{}]])).toThrow('the total "total" is not there');
    expect(() => chain(pageNumber({ totalPath: "pages" }), [[{ pages: "many" }]])).toThrow(
      'should be a count, and is "many"',
    );
    expect(chain(pageNumber({ totalPath: null }), [[{ total: 1 }]])).toHaveLength(2);
  });

  test("stops before its maximum, also where the flag says that there is more", () => {
    const limited = pageNumber({ basePage: 1, maximumPage: 3, hasMorePath: "more" });
    expect(chain(limited, [[{ more: true }], [{ more: true }], [{ more: true }]])).toHaveLength(2);
    expect(chain(limited, [[{ more: false }]])).toHaveLength(1);
  });

  test("writes into the body too, and keeps what is there", () => {
    const request = pageNumber({ pageBodyPath: "page.number", page: 4 }).first?.({
      ...start,
      json: { page: { size: 9 }, a: 1 },
    });
    expect(request?.json).toEqual({ page: { size: 9, number: 4 }, a: 1 });
    expect(request?.state).toEqual({ page: 4 });
  });

  test("that nothing would stop is refused", () => {
    const options = { totalPath: null, stopAfterEmptyPage: false };
    expect(() => pageNumber(options)).toThrow("must be given, or page_number never stops");
    for (const rule of [
      { maximumPage: 3 },
      { hasMorePath: "more" },
      { stopAfterEmptyPage: true },
      { totalPath: "pages" },
    ]) {
      expect(() => pageNumber({ ...options, ...rule })).not.toThrow();
    }
  });
});

describe("offset", () => {
  test("goes on by the rows that came, to the total of rows", () => {
    const requests = chain(offset({ limit: 2, totalPath: "n" }), [
      [{ n: 5 }, [1, 2]],
      [{ n: 5 }, [3]],
      [{ n: 5 }, [4, 5]],
    ]);
    expect(requests.map(query)).toEqual([
      "?page=1&offset=0&limit=2",
      "?page=1&offset=2&limit=2",
      "?page=1&offset=3&limit=2",
    ]);
  });

  test("begins where it is told, under the names of the API", () => {
    const first = offset({ limit: 42, offset: 123, offsetParam: "skip", limitBodyPath: "page.size" }).first?.(start);
    expect(query(first)).toBe("?page=1&skip=123");
    expect(first?.json).toEqual({ page: { size: 42 } });
  });

  test("stops before its maximum", () => {
    expect(chain(offset({ limit: 1, maximumOffset: 2 }), [[{}], [{}], [{}]])).toHaveLength(2);
  });

  test("where empty pages are no end, skips over them", () => {
    const sparse = offset({ limit: 5, stopAfterEmptyPage: false, totalPath: "n" });
    expect(
      chain(sparse, [
        [{ n: 12 }, []],
        [{ n: 12 }, []],
        [{ n: 12 }, []],
      ]).map((request) => request.state),
    ).toEqual([{ offset: 0 }, { offset: 5 }, { offset: 10 }]);
  });
});

describe("single_page and auto", () => {
  test("single_page follows nothing", () => {
    expect(singlePage().next(page({ next: "/2" }, { header: { link: '</2>; rel="next"' } }))).toBeUndefined();
  });

  test.each([
    [{ next: "http://a/2" }, "next"],
    [{ _links: { next: { href: "/2" } } }, "_links.next.href"],
    [{ links: { nextPage: "/2" } }, "links.nextPage"],
    [{ "@odata.nextLink": "http://a/2" }, "['@odata.nextLink']"],
    [{ nextRecordsUrl: "/2" }, "nextRecordsUrl"],
    [{ next_cursor: "abc", paging: { next: "/2" } }, "paging.next"],
  ])("auto finds the link in %j", (body, path) => {
    expect(nextEvidence(page(body))).toEqual({ kind: "body-link", path });
    const next = auto().next(page(body));
    expect(next?.state).toEqual({ next: path });
  });

  test.each([
    { next_of_kin: "http://a/2" },
    { data: [{ next: "/2" }] },
    { next: null },
    { pages: 1, has_more: false },
    [],
  ])("auto finds nothing in %j", (body) => {
    expect(nextEvidence(page(body))).toBeUndefined();
    expect(auto().next(page(body))).toBeUndefined();
  });

  test("auto stays with what it found on the first page", () => {
    const next = auto().next(page({ next: "/2" }));
    expect(auto().next(page({ next: null, other: { next: "/3" } }, { request: next! }))).toBeUndefined();
  });
});
