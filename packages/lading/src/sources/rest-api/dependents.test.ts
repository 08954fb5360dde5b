import { describe, expect, onTestFinished, test } from "vitest";
import { all, type SeenRequest, sendJson, testServers } from "../../http/testing-server.ts";
import { isPage, type Page, type Resource, type ResourceContext, standaloneContext } from "../../resource/index.ts";
import { ExactFloat } from "../../util/exact.ts";
import { restApi } from "./index.ts";

const { serve } = testServers(onTestFinished);

const context = (more: Partial<ResourceContext> = {}): ResourceContext => ({ ...standaloneContext(), ...more });

/** As an extractor does it: each page of the parent's goes to the child. */
async function feed(parent: Resource, child: Resource): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for await (const page of parent.pages(context())) {
    if (isPage(page)) pages.push(...(await all(child.pagesOf!(page.rows, context()))).filter(isPage));
  }
  return pages;
}

const rows = (pages: readonly Page[]): readonly unknown[] => pages.flatMap((page) => page.rows);

/** Posts on two pages; three comments for each, two a page. */
const blog = (request: SeenRequest, response: Parameters<typeof sendJson>[0]): void => {
  const at = new URL(request.url, `http://${request.headers.host}`);
  const page = Number(at.searchParams.get("page") ?? 1);
  const post = /^\/posts\/(\d+)\/comments$/.exec(at.pathname)?.[1];
  const next = page === 1 ? `${at.origin}${at.pathname}?page=2` : null;
  if (post === undefined) {
    sendJson(response, {
      data:
        page === 1
          ? [
              { id: 1, title: "one" },
              { id: 2, title: "two" },
            ]
          : [{ id: 3, title: "three" }],
      next,
    });
  } else sendJson(response, { data: page === 1 ? [{ n: `${post}a` }, { n: `${post}b` }] : [{ n: `${post}c` }], next });
};

describe("a dependent resource", () => {
  test("is read for each row of its parent, in order, all pages of each", async () => {
    const { url, requests } = await serve(blog);
    const { resources } = restApi({
      name: "s",
      client: { baseUrl: url, paginator: "json_link" },
      resources: [{ name: "comments", endpoint: "posts/{resources.posts.id}/comments" }, "posts"],
    });
    const [comments, posts] = resources;
    expect(comments.parent).toBe(posts);
    const pages = await feed(posts, comments);
    expect(
      rows(pages)
        .map((row) => (row as { n: string }).n)
        .join(),
    ).toBe("1a,1b,1c,2a,2b,2c,3a,3b,3c");
    expect(requests).toHaveLength(2 + 6);
    expect(rows((await all(comments.pages(context()))).filter(isPage))).toHaveLength(9);
  });

  test("goes on from any of its positions within the parent's page", async () => {
    const { url } = await serve(blog);
    const [, comments] = restApi({
      name: "s",
      client: { baseUrl: url },
      resources: ["posts", { name: "comments", endpoint: "posts/{resources.posts.id}/comments" }],
    }).resources;
    const parents = [{ id: 1 }, { id: 2 }];
    const whole = (await all(comments.pagesOf!(parents, context()))).filter(isPage);
    expect(whole.map(({ position }) => position)).toMatchObject([
      { row: 0, at: {} },
      { row: 1 },
      { row: 1, at: {} },
      null,
    ]);
    for (const [index, { position }] of whole.entries()) {
      const kept = JSON.parse(JSON.stringify(position)) as NonNullable<typeof position>;
      const rest = (await all(comments.pagesOf!(parents, context({ position: kept })))).filter(isPage);
      expect(rows(rest)).toEqual(rows(whole.slice(index + 1)));
    }
  });

  test("puts fields into path, params, headers and body; types stay where they can", async () => {
    const { url, requests } = await serve((request, response) =>
      sendJson(response, request.url === "/p" ? [{ id: 7, ok: true, tags: ["a", "b"], at: { x: "a/b?c#d ü" } }] : []),
    );
    const [parent, child] = restApi({
      name: "s",
      client: { baseUrl: url },
      resources: [
        "p",
        {
          name: "c",
          endpoint: {
            path: "x/{resources.p.at.x}/y?z={resources.p.id}",
            method: "POST",
            params: {
              ok: "{resources.p.ok}",
              tag: "{resources.p.tags}",
              both: "{resources.p.id}-{resources.p.at.x}",
              first: "{resources.p.tags[0]}",
            },
            headers: { "x-own": "id {resources.p.id}" },
            json: {
              id: "{resources.p.id}",
              text: "no {resources.p.id} {{x}}",
              tags: ["{resources.p.tags}"],
              "{resources.p.id}": null,
            },
          },
        },
      ],
    }).resources;
    await feed(parent, child);
    const [, request] = requests;
    expect(request?.url).toBe(
      "/x/a%2Fb%3Fc%23d%20%C3%BC/y?z=7&ok=true&tag=a&tag=b&both=7-a%2Fb%3Fc%23d%20%C3%BC&first=a",
    );
    expect(request?.headers["x-own"]).toBe("id 7");
    expect(JSON.parse(request?.body ?? "")).toEqual({ id: 7, text: "no 7 {x}", tags: [["a", "b"]], "7": null });
  });

  test("keeps every digit of an id", async () => {
    const { url, requests } = await serve((request, response) =>
      sendJson(response, request.url === "/p" ? '[{"id":9007199254740993}]' : "[]"),
    );
    const [parent, child] = restApi({
      name: "s",
      client: { baseUrl: url },
      resources: ["p", { name: "c", endpoint: "p/{resources.p.id}/c" }],
    }).resources;
    await feed(parent, child);
    expect(requests[1]?.url).toBe("/p/9007199254740993/c");
  });

  test.each([
    ["is missing", '{"other":1}', /The field "id" is not in a row of "p".*The row has: other\./],
    ["is null", '{"id":null}', /The field "id" is null in a row of "p"/],
    ["is empty", '{"id":""}', /The field "id" is empty in a row of "p"/],
    ["is an object", '{"id":{}}', /The field "id" is an object in a row of "p"/],
    ["leads out of its place", '{"id":".."}', /makes a step "\." or "\.\." of the path/],
  ])("fails where the field %s", async (_what, row, message) => {
    const { url, requests } = await serve((_request, response) => sendJson(response, `[${row}]`));
    const [parent, child] = restApi({
      name: "s",
      client: { baseUrl: url },
      resources: ["p", { name: "c", endpoint: "p/{resources.p.id}/c" }],
    }).resources;
    const reading = feed(parent, child);
    await expect(reading).rejects.toMatchObject({ code: "REST_PARENT_FIELD_MISSING" });
    await expect(reading).rejects.toThrow(message);
    expect(requests).toHaveLength(1);
  });

  test("may follow a link in the row, but not to another origin", async () => {
    const { url } = await serve((request, response) => {
      const link = request.url === "/p" ? `http://${request.headers.host}/details/1` : "http://evil.example/";
      sendJson(response, request.url.startsWith("/details") ? { id: 1, name: "x" } : [{ link }]);
    });
    const { resources } = restApi({
      name: "s",
      client: { baseUrl: url, auth: { token: "t0ken" } },
      resources: [
        "p",
        "q",
        { name: "c", endpoint: "{resources.p.link}" },
        { name: "d", endpoint: "{resources.q.link}" },
      ],
    });
    expect(rows(await feed(resources[0], resources[2]))).toEqual([{ id: 1, name: "x" }]);
    await expect(feed(resources[1], resources[3])).rejects.toMatchObject({ code: "HTTP_FOREIGN_ORIGIN" });
  });

  test("whose path ends with a field is one row, or a list", async () => {
    const { url } = await serve((request, response) => {
      if (request.url === "/p") return sendJson(response, { data: [{ id: 1 }, { id: 2 }] });
      sendJson(response, request.url === "/p/1" ? { id: 1, tags: [{ t: 1 }], next: "/p/9" } : [{ id: 2 }, { id: 3 }]);
    });
    const [parent, child] = restApi({
      name: "s",
      client: { baseUrl: url, paginator: "json_link" },
      resources: ["p", { name: "c", endpoint: "p/{resources.p.id}" }],
    }).resources;
    expect(rows(await feed(parent, child))).toEqual([{ id: 1, tags: [{ t: 1 }], next: "/p/9" }, { id: 2 }, { id: 3 }]);
  });
});

describe("fields of the parent", () => {
  test("are in the child's rows, before its steps, with their digits", async () => {
    const { url } = await serve((request, response) =>
      sendJson(response, request.url === "/p" ? '[{"id":9007199254740993,"price":1.0,"name":"x"}]' : '[{"n":1.0},5]'),
    );
    const [parent, child] = restApi({
      name: "s",
      client: { baseUrl: url },
      resources: [
        { name: "p", processingSteps: [{ map: (row) => ({ ...row, name: "y" }) }] },
        {
          name: "c",
          endpoint: "p/{resources.p.id}/c",
          includeFromParent: ["id", "price", "name"],
          processingSteps: [{ map: (row) => ({ ...row, seen: row["_p_name"] }) }],
        },
      ],
    }).resources;
    const [page] = await feed(parent, child);
    expect(page?.rows).toEqual([
      { n: 1, _p_id: 9007199254740993n, _p_price: 1, _p_name: "y", seen: "y" },
      { value: 5, _p_id: 9007199254740993n, _p_price: 1, _p_name: "y", seen: "y" },
    ]);
    const taken: [string, unknown][] = [
      ["_p_id", 9007199254740993n],
      ["_p_price", new ExactFloat(1, "1.0")],
      ["_p_name", "y"],
      ["seen", "y"],
    ];
    expect(page?.exact?.()).toEqual([
      new Map<string, unknown>([["n", new ExactFloat(1, "1.0")], ...taken]),
      new Map<string, unknown>([["value", 5n], ...taken]),
    ]);
  });

  test("that are not there, or would overwrite, are errors", async () => {
    const { url } = await serve((_request, response) => sendJson(response, [{ id: 1, _p_id: 2 }]));
    const make = (field: string): Promise<readonly Page[]> => {
      const [parent, child] = restApi({
        name: "s",
        client: { baseUrl: url },
        resources: ["p", { name: "c", endpoint: "p/{resources.p.id}/c", includeFromParent: [field] }],
      }).resources;
      return feed(parent, child);
    };
    await expect(make("nope")).rejects.toMatchObject({ code: "REST_PARENT_FIELD_MISSING" });
    await expect(make("id")).rejects.toThrow('would overwrite "_p_id"');
  });
});
