import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { createConfig } from "../../config/create-config.ts";
import { documentProvider } from "../../config/document-provider.ts";
import { secret } from "../../config/secret.ts";
import { all, sendJson, testServers } from "../../http/testing-server.ts";
import { isPage, type Page, type Resource, type ResourceContext, standaloneContext } from "../../resource/index.ts";
import { ExactFloat } from "../../util/exact.ts";
import { restApi } from "./index.ts";

const { serve } = testServers(onTestFinished);

function contextWith(more: Partial<ResourceContext> = {}): ResourceContext {
  return { ...standaloneContext(), ...more };
}

async function pagesOf(resource: Resource | undefined, context = contextWith()): Promise<readonly Page[]> {
  const items = await all(resource!.pages(context));
  return items.filter(isPage);
}

async function rowsOf(resource: Resource | undefined, context = contextWith()): Promise<readonly unknown[]> {
  return (await pagesOf(resource, context)).flatMap(({ rows }) => rows);
}

const echo: Parameters<typeof serve>[0] = ({ method, url, headers, body }, response) =>
  sendJson(response, [{ method, url, body, auth: headers["authorization"], own: headers["x-own"] }]);

describe("a resource", () => {
  test("is read by its name, a path or an endpoint, with the defaults filled in", async () => {
    const { url } = await serve(echo);
    const source = restApi({
      name: "s",
      client: { baseUrl: `${url}/v2/`, headers: { "X-Own": "client" } },
      resourceDefaults: {
        primaryKey: "id",
        writeDisposition: "merge",
        columns: { a: { dataType: "text", nullable: false }, b: { dataType: "bigint" } },
        endpoint: { params: { per_page: 30, sort: "id" } },
      },
      resources: [
        "users",
        { name: "orders", endpoint: "api/orders", writeDisposition: "append" },
        {
          name: "found",
          columns: [{ name: "a", dataType: "double" }],
          endpoint: {
            path: "{org}/find",
            method: "POST",
            params: { org: "a/b", sort: null, ids: [1, 2] },
            json: { q: "{{literal}}", n: 1 },
            headers: { "x-own": "endpoint" },
          },
        },
      ],
    });
    expect(source.resources.map(({ name }) => name)).toEqual(["users", "orders", "found"]);
    const [users, orders, found] = source.resources;
    expect(await rowsOf(users)).toEqual([
      { method: "GET", url: "/v2/users?per_page=30&sort=id", body: "", own: "client" },
    ]);
    expect(await rowsOf(orders)).toMatchObject([{ url: "/v2/api/orders?per_page=30&sort=id" }]);
    expect(await rowsOf(found)).toEqual([
      {
        method: "POST",
        url: "/v2/a%2Fb/find?per_page=30&ids=1&ids=2",
        body: '{"q":"{literal}","n":1}',
        own: "endpoint",
      },
    ]);
    expect(users.hints).toEqual({
      primaryKey: "id",
      writeDisposition: "merge",
      columns: { a: { dataType: "text", nullable: false }, b: { dataType: "bigint" } },
    });
    expect(orders.hints.writeDisposition).toBe("append");
    expect(found.hints.columns).toEqual({
      a: { dataType: "double", nullable: false, name: "a" },
      b: { dataType: "bigint" },
    });
  });

  test("goes on from the position of any of its pages", async () => {
    const { url } = await serve((request, response) => {
      const page = Number(new URL(request.url, "http://x").searchParams.get("page"));
      sendJson(response, { data: page < 5 ? [{ page }] : [] });
    });
    const source = restApi({
      name: "s",
      client: { baseUrl: url, paginator: { type: "page_number", basePage: 1 } },
      resources: [{ name: "things", endpoint: { dataSelector: "data" } }],
    });
    const [things] = source.resources;
    const pages = await pagesOf(things);
    expect(pages.map(({ position }) => position)).toHaveLength(5);
    for (const [index, { position }] of pages.entries()) {
      const rest = await rowsOf(things, contextWith({ position: JSON.parse(JSON.stringify(position)) as never }));
      expect(rest).toEqual([1, 2, 3, 4].slice(index + 1).map((page) => ({ page })));
    }
  });

  test("has its own paginator before the defaults' and the client's; null gives the client's", async () => {
    const { url, requests } = await serve((request, response) =>
      sendJson(response, { data: [{ at: request.url }], next: null }),
    );
    const source = restApi({
      name: "s",
      client: { baseUrl: url, paginator: { type: "page_number", totalPath: "n", stopAfterEmptyPage: true } },
      resourceDefaults: { endpoint: { paginator: { type: "json_link" } } },
      resources: [
        "a",
        { name: "b", endpoint: { paginator: "single_page" } },
        { name: "c", endpoint: { paginator: null } },
      ],
    });
    for (const resource of source.resources.slice(0, 2)) await rowsOf(resource);
    await expect(rowsOf(source.resources[2])).rejects.toMatchObject({ code: "PAGINATOR_FAILED" });
    expect(requests.map((request) => request.url)).toEqual(["/a", "/b", "/c?page=0"]);
  });

  test("can be refined as any other, and chosen", async () => {
    const { url } = await serve((_request, response) => sendJson(response, [{ id: 1 }, { id: 2 }]));
    const source = restApi({ name: "s", client: { baseUrl: url }, resources: ["a", "b"] }).withResources("b");
    expect(source.resources.map(({ name }) => name)).toEqual(["b"]);
    const refined = source.resources[0].filter((row) => (row as { id: number }).id === 2);
    expect(await rowsOf(refined)).toEqual([{ id: 2 }]);
  });

  test("has a fingerprint of what it reads, without secrets", () => {
    const make = (path: string, map: (row: Record<string, unknown>) => unknown): unknown =>
      restApi({
        name: "s",
        client: { baseUrl: "http://a", auth: { type: "bearer", token: "t0ken" }, headers: { "x-api-key": "k3y" } },
        resources: [
          {
            name: "a",
            endpoint: { path, params: { api_key: "k3y", v: secret("v") }, auth: { token: "t0ken" } },
            processingSteps: [{ map }],
          },
        ],
      }).resources[0].fingerprint;
    const same = (row: unknown): unknown => row;
    expect(make("x", same)).toEqual(make("x", same));
    expect(make("x", same)).not.toEqual(make("y", same));
    expect(make("x", same)).not.toEqual(make("x", (row) => ({ ...row })));
    expect(JSON.stringify(make("x", same))).not.toMatch(/t0ken|k3y/);
  });
});

describe("processing steps", () => {
  const body =
    '[{"id":1,"big":9007199254740993,"price":1.0},{"id":2,"big":5,"price":2.50},{"id":3,"big":6,"price":3.0}]';

  test("are done in their order, the filter of a step before its map", async () => {
    const { url } = await serve((_request, response) => sendJson(response, body));
    const tenfold = (row: Record<string, unknown>): unknown => ({ ...row, id: (row["id"] as number) * 10 });
    const source = restApi({
      name: "s",
      client: { baseUrl: url },
      resources: [
        { name: "a", processingSteps: [{ map: tenfold }, { filter: (row) => row["id"] === 10 }] },
        { name: "b", processingSteps: [{ map: tenfold, filter: (row) => row["id"] === 1 }] },
        { name: "c", processingSteps: [{ filter: (row) => row["id"] === 10 }, { map: tenfold }] },
        { name: "d", processingSteps: [{ filter: (row) => row["id"] !== 1, yieldMap: (row) => [row, row] }] },
      ],
    });
    const counts = await Promise.all(source.resources.map(async (resource) => (await rowsOf(resource)).length));
    expect(counts).toEqual([1, 1, 0, 4]);
  });

  test("see large integers as they are, and what they leave alone keeps its digits", async () => {
    const { url } = await serve((_request, response) => sendJson(response, body));
    const seen: unknown[] = [];
    const [things] = restApi({
      name: "s",
      client: { baseUrl: url },
      resources: [
        {
          name: "things",
          processingSteps: [
            { filter: (row) => row["id"] !== 2 },
            { map: (row) => (seen.push(row["big"]), { ...row, more: 1 }) },
          ],
        },
      ],
    }).resources;
    const [page] = await pagesOf(things);
    expect(seen).toEqual([9007199254740993n, 6]);
    expect(page?.exact?.()).toEqual([
      new Map<string, unknown>([
        ["id", 1n],
        ["big", 9007199254740993n],
        ["price", new ExactFloat(1, "1.0")],
        ["more", 1n],
      ]),
      new Map<string, unknown>([
        ["id", 3n],
        ["big", 6n],
        ["price", new ExactFloat(3, "3.0")],
        ["more", 1n],
      ]),
    ]);
  });
});

describe("a schema", () => {
  const schema = z.object({ id: z.number(), at: z.string().transform((text) => text.slice(0, 4)) });

  test("checks and parses the rows that the steps leave", async () => {
    const { url } = await serve((_request, response) =>
      sendJson(response, [{ id: 1, at: "2026-01-01", more: 1 }, { id: "x" }]),
    );
    const make = (filter: (row: Record<string, unknown>) => boolean): Resource =>
      restApi({
        name: "s",
        client: { baseUrl: url },
        resources: [{ name: "a", schema, processingSteps: [{ filter }] }],
      }).resources[0];
    expect(await rowsOf(make((row) => row["id"] === 1))).toEqual([{ id: 1, at: "2026" }]);
    await expect(rowsOf(make(() => true))).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });
});

describe("auth", () => {
  const settings = (values: Record<string, unknown>): ResourceContext => {
    const provider = documentProvider({ name: "test", document: values, holdsSecrets: true });
    return contextWith({ config: createConfig({ providers: [provider], sections: ["sources", "shop"] }) });
  };

  test.each([
    ["bearer" as const, { token: "t0ken" }, "Bearer t0ken"],
    ["http_basic" as const, { username: "user", password: "pw" }, `Basic ${Buffer.from("user:pw").toString("base64")}`],
    ["api_key" as const, { api_key: "k3y" }, "k3y"],
  ])("%s is looked up where dlt does", async (auth, credentials, header) => {
    const { url } = await serve(echo);
    const [a] = restApi({ name: "shop", client: { baseUrl: url, auth }, resources: ["a"] }).resources;
    for (const values of [{ sources: { shop: { credentials } } }, { sources: { credentials } }, { credentials }]) {
      expect(await rowsOf(a, settings(values))).toMatchObject([{ auth: header }]);
    }
    await expect(rowsOf(a, settings({}))).rejects.toMatchObject({ code: "CONFIG_MISSING" });
  });

  test("a secret is looked up by its own key; an endpoint can have its own auth, or none", async () => {
    const { url } = await serve(echo);
    const { resources } = restApi({
      name: "shop",
      client: { baseUrl: url, auth: { type: "http_basic", username: "demo", password: secret("api_password") } },
      resources: [
        "a",
        { name: "b", endpoint: { auth: { token: "own!" } } },
        { name: "c", endpoint: { auth: null } },
        {
          name: "d",
          endpoint: { auth: { type: "api_key", name: "key", location: "query", apiKey: secret("api_password") } },
        },
        {
          name: "e",
          endpoint: { auth: (request) => ({ ...request, headers: { ...request.headers, "x-own": "signed" } }) },
        },
      ],
    });
    const context = settings({ sources: { shop: { api_password: "pa55" } } });
    const rows = await Promise.all(resources.map(async (resource) => (await rowsOf(resource, context))[0]));
    expect(rows).toMatchObject([
      { auth: `Basic ${Buffer.from("demo:pa55").toString("base64")}` },
      { auth: "Bearer own!" },
      { url: "/c" },
      { url: "/d?key=pa55" },
      { own: "signed" },
    ]);
    expect(rows[2]).not.toHaveProperty("auth");
  });
});

describe("trouble", () => {
  test("is told as it comes", async () => {
    const { url } = await serve((_request, response, count) => sendJson(response, [], count === 1 ? 503 : 200));
    const said: string[] = [];
    const [a] = restApi(
      { name: "s", client: { baseUrl: url }, resources: ["a"] },
      { sleep: async () => {}, random: () => 0 },
    ).resources;
    await rowsOf(a, contextWith({ warn: (message) => said.push(message) }));
    expect(said).toEqual([`${url}/a answered 503: [] Trying again in 1.0 s.`]);
  });

  test("stops at the signal", async () => {
    const stop = new AbortController();
    const { url } = await serve(() => stop.abort(new Error("enough")));
    const [a] = restApi({ name: "s", client: { baseUrl: url }, resources: ["a"] }).resources;
    await expect(rowsOf(a, contextWith({ signal: stop.signal }))).rejects.toThrow("enough");
  });
});
