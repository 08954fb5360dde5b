import { describe, expect, onTestFinished, test } from "vitest";
import { ExactFloat } from "../util/exact.ts";
import { cursor, headerLink, jsonLink, offset, pageNumber, singlePage } from "./index.ts";
import { all, sendJson, type TestServer, testServers } from "./testing-server.ts";

const { impatientClient, serve } = testServers(onTestFinished);

/** 25 posts, five a page, with links. */
function postsServer(
  change: (body: Record<string, unknown>, page: number) => unknown = (body) => body,
): Promise<TestServer> {
  const handle: Parameters<typeof serve>[0] = (request, response) => {
    const at = new URL(request.url, `http://${request.headers.host}`);
    const page = Number(at.searchParams.get("page") ?? 1);
    const data = Array.from({ length: 5 }, (_, i) => ({ id: (page - 1) * 5 + i }));
    const next = page < 5 ? { next_page: `${at.origin}${at.pathname}?page=${page + 1}` } : {};
    sendJson(response, change({ data, page, total_pages: 5, ...next }, page));
  };
  return serve(handle);
}

const posts = Array.from({ length: 25 }, (_, id) => ({ id }));

describe("pages by a link in the body", () => {
  test("come one after the other, with a position after each", async () => {
    const { url } = await postsServer();
    const { client } = impatientClient(url);
    const pages = await all(
      client.paginate("posts", { paginator: jsonLink({ nextUrlPath: "next_page" }), dataSelector: "data" }),
    );
    expect(pages.flatMap(({ rows }) => rows)).toEqual(posts);
    expect(pages.map(({ position }) => position)).toEqual([
      ...[2, 3, 4, 5].map((n) => ({ request: { method: "GET", url: `${url}/posts?page=${n}`, headers: {} } })),
      null,
    ]);
    expect(pages[0]?.bytes).toBe(
      Buffer.byteLength(
        JSON.stringify({ data: posts.slice(0, 5), page: 1, total_pages: 5, next_page: `${url}/posts?page=2` }),
      ),
    );
  });

  test("go on from any position, with the rows that are left and no others", async () => {
    const { url, requests } = await postsServer();
    const { client } = impatientClient(url);
    const pages = await all(client.paginate("posts"));
    for (const [index, { position }] of pages.entries()) {
      const kept = JSON.parse(JSON.stringify(position)) as typeof position;
      const rest = await all(client.paginate("posts", { position: kept }));
      expect(rest.flatMap(({ rows }) => rows)).toEqual(posts.slice((index + 1) * 5));
    }
    expect(requests).toHaveLength(5 + 4 + 3 + 2 + 1);
  });

  test.each([null, false, "", "  "])("end at a next link that is %j", async (next) => {
    const { url } = await postsServer((body) => ({ ...body, next_page: next }));
    const pages = await all(
      impatientClient(url).client.paginate("posts", { paginator: jsonLink({ nextUrlPath: "next_page" }) }),
    );
    expect(pages).toHaveLength(1);
  });

  test("that is no link are an error", async () => {
    const { url } = await postsServer((body) => ({ ...body, next_page: 2 }));
    const reading = all(
      impatientClient(url).client.paginate("posts", { paginator: jsonLink({ nextUrlPath: "next_page" }) }),
    );
    await expect(reading).rejects.toMatchObject({ code: "PAGINATOR_FAILED" });
  });

  test("of a server that forgets its filters can keep the params", async () => {
    const { url, requests } = await postsServer();
    const paginator = jsonLink({ nextUrlPath: "next_page", keepParams: true });
    await all(impatientClient(url).client.paginate("posts", { params: { since: "a b", tag: ["x", "y"] }, paginator }));
    expect(requests[1]?.url).toBe("/posts?page=2&since=a%20b&tag=x&tag=y");
  });

  test("under a wrong name are one page, with a warning that there is more", async () => {
    const { url } = await postsServer();
    const warnings: string[] = [];
    const paginator = jsonLink({ nextUrlPath: "nextPage" });
    const pages = await all(
      impatientClient(url).client.paginate("posts", { paginator, warn: (text) => warnings.push(text) }),
    );
    expect(pages).toHaveLength(1);
    expect(warnings).toEqual([
      `${url}/posts was read as one page, but "next_page" in its answer says that there is more: the json_link paginator did not find it.`,
    ]);
  });
});

describe("without a paginator", () => {
  test("a link in the body is followed, and rows are found", async () => {
    const { url } = await postsServer();
    const pages = await all(impatientClient(url).client.paginate("posts"));
    expect(pages.flatMap(({ rows }) => rows)).toEqual(posts);
  });

  test("the Link header is followed", async () => {
    const { url } = await serve((request, response) => {
      if (request.url === "/a") response.setHeader("link", '</b>; rel="next", </z>; rel="last"');
      sendJson(response, [{ at: request.url }]);
    });
    const pages = await all(impatientClient(url).client.paginate("a"));
    expect(pages.flatMap(({ rows }) => rows)).toEqual([{ at: "/a" }, { at: "/b" }]);
  });

  test.each([
    ["has_more", { has_more: true }],
    ["next_cursor", { next_cursor: "abc" }],
    ["meta.total_pages", { meta: { total_pages: 4 } }],
  ])("an answer with %s is one page, with a warning", async (path, extra) => {
    const { url } = await serve((_request, response) => sendJson(response, { items: [{ id: 1 }], ...extra }));
    const warnings: string[] = [];
    const pages = await all(impatientClient(url).client.paginate("x", { warn: (text) => warnings.push(text) }));
    expect(pages).toHaveLength(1);
    expect(warnings.join()).toContain(`"${path}" in its answer says that there is more: set a paginator`);
  });

  test("a single object with a field like a link is one row", async () => {
    const entity = { id: 1, name: "x", next: "/people/2" };
    const { url, requests } = await serve((_request, response) => sendJson(response, entity));
    const pages = await all(impatientClient(url).client.paginate("people/1"));
    expect(pages.map(({ rows }) => rows)).toEqual([[entity]]);
    expect(requests).toHaveLength(1);
  });
});

describe("a server that goes in circles", () => {
  test("with its links is stopped before it is asked again", async () => {
    const { url, requests } = await postsServer((body, page) => ({
      ...body,
      next_page: `/posts?page=${page === 1 ? 2 : 1}`,
    }));
    const reading = all(impatientClient(url).client.paginate("posts?page=1"));
    await expect(reading).rejects.toMatchObject({ code: "PAGE_REPEATED" });
    expect(requests).toHaveLength(2);
  });

  test("because it ignores the page number is found at the second page", async () => {
    const { url, requests } = await serve((_request, response) => sendJson(response, { data: [{ id: 1 }] }));
    const reading = all(impatientClient(url).client.paginate("x", { paginator: pageNumber({ basePage: 1 }) }));
    await expect(reading).rejects.toMatchObject({ code: "PAGE_REPEATED" });
    expect(requests).toHaveLength(2);
  });

  test("is not meant by pages that are empty, or allowed to be equal", async () => {
    const { url } = await serve((_request, response, count) => sendJson(response, { data: count < 4 ? [7] : [] }));
    const paginator = pageNumber({ basePage: 1 });
    const pages = await all(impatientClient(url).client.paginate("x", { paginator, allowRepeatedPages: true }));
    expect(pages.map(({ rows }) => rows.length)).toEqual([1, 1, 1, 0]);
  });

  test("is looked for in one chain only", async () => {
    const { url } = await serve((_request, response) => sendJson(response, [{ id: 1 }]));
    const { client } = impatientClient(url);
    await all(client.paginate("x"));
    expect(await all(client.paginate("x"))).toHaveLength(1);
  });
});

describe("digits", () => {
  const body =
    '{"data":[{"id":9007199254740993,"price":1.0,"n":1},{"id":2,"price":12.345678901234567890,"n":2}],"next":null}';

  test("are all in the exact rows", async () => {
    const { url } = await serve((_request, response) => sendJson(response, body));
    const [first] = await all(impatientClient(url).client.paginate("x", { paginator: jsonLink() }));
    expect(first?.exact?.()).toEqual([
      new Map<string, unknown>([
        ["id", 9007199254740993n],
        ["price", new ExactFloat(1, "1.0")],
        ["n", 1n],
      ]),
      new Map<string, unknown>([
        ["id", 2n],
        ["price", new ExactFloat(12.345678901234567, "12.345678901234567890")],
        ["n", 2n],
      ]),
    ]);
  });

  test("of large integers are in the rows too, when asked for", async () => {
    const { url } = await serve((_request, response) => sendJson(response, body));
    const [first] = await all(impatientClient(url).client.paginate("x", { paginator: singlePage(), bigint: true }));
    expect(first?.rows).toEqual([
      { id: 9007199254740993n, price: 1, n: 1 },
      { id: 2, price: 12.345678901234567, n: 2 },
    ]);
  });

  test("of a cursor that is a large number are kept", async () => {
    const { url, requests } = await serve((request, response) =>
      sendJson(
        response,
        request.url === "/x" ? '{"data":[1],"after":9223372036854775807}' : '{"data":[2],"after":null}',
      ),
    );
    await all(
      impatientClient(url).client.paginate("x", { paginator: cursor({ cursorPath: "after", cursorParam: "after" }) }),
    );
    expect(requests[1]?.url).toBe("/x?after=9223372036854775807");
  });
});

describe("back-pressure", () => {
  test("keeps one page ahead, and no more", async () => {
    const { url, requests } = await postsServer();
    const pages = impatientClient(url).client.paginate("posts")[Symbol.asyncIterator]();
    await pages.next();
    await expect.poll(() => requests.length).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(requests).toHaveLength(2);
    await pages.next();
    await expect.poll(() => requests.length).toBe(3);
    await pages.return?.(undefined);
    expect(requests).toHaveLength(3);
  });

  test("without prefetch asks for a page when it is wanted", async () => {
    const { url, requests } = await postsServer();
    const pages = impatientClient(url).client.paginate("posts", { prefetch: false })[Symbol.asyncIterator]();
    await pages.next();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(requests).toHaveLength(1);
  });

  test("leaving the loop ends the request that is under way", async () => {
    let closed = false;
    const { url } = await serve((request, response) => {
      if (request.url === "/a") return sendJson(response, { data: [1], next: "/b" });
      response.on("close", () => (closed = true));
    });
    for await (const { rows } of impatientClient(url).client.paginate("a")) {
      expect(rows).toEqual([1]);
      await new Promise((resolve) => setTimeout(resolve, 20));
      break;
    }
    await expect.poll(() => closed).toBe(true);
  });

  test("an aborted chain throws the signal's reason", async () => {
    const { url } = await postsServer();
    const stop = new AbortController();
    const reason = new Error("enough");
    const reading = async (): Promise<void> => {
      for await (const { rows } of impatientClient(url).client.paginate("posts", { signal: stop.signal })) {
        if (rows.length > 0) stop.abort(reason);
      }
    };
    await expect(reading()).rejects.toBe(reason);
  });
});

describe("other paginators, end to end", () => {
  test("the Link header of one's choice", async () => {
    const { url } = await serve((request, response) => {
      if (request.url !== "/3") response.setHeader("Link", `<${request.url === "/1" ? "/2" : "/3"}>; rel="older"`);
      sendJson(response, [request.url]);
    });
    const pages = await all(
      impatientClient(url).client.paginate("1", { paginator: headerLink({ linksNextKey: "older" }) }),
    );
    expect(pages.flatMap(({ rows }) => rows)).toEqual(["/1", "/2", "/3"]);
  });

  test("a cursor in the body of a POST, resumable", async () => {
    const { url, requests } = await serve((request, response) => {
      const { after = 0 } = JSON.parse(request.body) as { after?: number };
      sendJson(response, { data: [after], next: after < 2 ? after + 1 : null });
    });
    const { client } = impatientClient(url);
    const options = {
      method: "POST",
      json: { filter: { since: 1 } },
      paginator: cursor({ cursorPath: "next", cursorBodyPath: "after" }),
    } as const;
    const pages = await all(client.paginate("find", options));
    expect(pages.flatMap(({ rows }) => rows)).toEqual([0, 1, 2]);
    expect(requests[2]?.body).toBe('{"filter":{"since":1},"after":2}');
    const rest = await all(client.paginate("find", { ...options, position: pages[0]!.position }));
    expect(rest.flatMap(({ rows }) => rows)).toEqual([1, 2]);
  });

  test("an offset follows a server that gives less than it is asked for", async () => {
    const { url, requests } = await serve((request, response) => {
      const from = Number(new URL(request.url, "http://x").searchParams.get("offset"));
      sendJson(response, { data: posts.slice(from, from + 10), total: 25 });
    });
    const pages = await all(impatientClient(url).client.paginate("x", { paginator: offset({ limit: 1000 }) }));
    expect(pages.flatMap(({ rows }) => rows)).toEqual(posts);
    expect(requests.map((request) => request.url)).toEqual([0, 10, 20].map((n) => `/x?offset=${n}&limit=1000`));
  });

  test("a function of one's own", async () => {
    const { url } = await serve((request, response) => sendJson(response, [request.url]));
    const pages = await all(
      impatientClient(url).client.paginate("0", {
        paginator: ({ request, rows }) =>
          rows[0] === "/2" ? undefined : { ...request, url: `${url}/${Number(request.url.at(-1)) + 1}` },
      }),
    );
    expect(pages.flatMap(({ rows }) => rows)).toEqual(["/0", "/1", "/2"]);
  });
});
