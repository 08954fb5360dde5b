import { describe, expect, onTestFinished, test } from "vitest";
import { all, sendJson, testServers } from "../../http/testing-server.ts";
import { type Resource, type ResourceContext, standaloneContext } from "../../resource/index.ts";
import type { EndpointConfig } from "./config.ts";
import { restApi, restApiFromDlt } from "./index.ts";

const { serve } = testServers(onTestFinished);

/** A server that answers each request with rows, and keeps what it was asked. */
async function api(rows: readonly unknown[] = []): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const { url } = await serve(({ url: path, body }, response) => {
    asked.push(body === "" ? path : `${path} ${body}`);
    return sendJson(response, rows);
  });
  return { url, asked };
}

async function read(resource: Resource | undefined, state: ResourceContext["state"] = {}): Promise<void> {
  await all(resource!.pages({ ...standaloneContext(), state }));
}

const events = (url: string, endpoint: EndpointConfig): Resource =>
  restApi({ name: "s", client: { baseUrl: url, paginator: "single_page" }, resources: [{ name: "events", endpoint }] })
    .resources[0];

describe("an endpoint with a cursor", () => {
  test("puts its values wherever a request has room, and begins the next run where the last one ended", async () => {
    const { url, asked } = await api([{ at: 5 }, { at: 7 }]);
    const resource = events(url, {
      path: "since/{incremental.start_value}",
      method: "POST",
      params: { from: "{incremental.start_value}", note: "from {incremental.initial_value}" },
      json: { range: { gte: "{incremental.last_value}" } },
      incremental: { cursorPath: "at", initialValue: 3 },
    });
    const state = {};
    await read(resource, state);
    await read(resource, state);
    expect(asked).toEqual([
      '/since/3?from=3&note=from%203 {"range":{"gte":3}}',
      '/since/7?from=7&note=from%203 {"range":{"gte":7}}',
    ]);
    expect(state).toMatchObject({ incremental: { at: { initial_value: 3, last_value: 7, start_value: 3 } } });
  });

  test("leaves a param out that has no value yet, and converts those that have one", async () => {
    const { url, asked } = await api([{ at: "2024-01-01T00:00:00Z" }]);
    const resource = events(url, {
      path: "e",
      incremental: {
        cursorPath: "at",
        startParam: "from",
        endParam: "to",
        convert: (value) => Date.parse(String(value)) / 1000,
      },
    });
    const state = {};
    await read(resource, state);
    await read(resource, state);
    expect(asked).toEqual(["/e", "/e?from=1704067200"]);
  });

  test("reads a window without touching the state", async () => {
    const { url, asked } = await api([{ at: 1 }, { at: 2 }, { at: 3 }]);
    const resource = events(url, {
      path: "e",
      incremental: { cursorPath: "at", initialValue: 2, endValue: 3, startParam: "from", endParam: "to" },
    });
    const state = {};
    const pages = await all(resource.pages({ ...standaloneContext(), state }));
    expect(pages).toMatchObject([{ rows: [{ at: 2 }] }]);
    expect([asked, state]).toEqual([["/e?from=2&to=3"], {}]);
  });

  test("of a child asks for every parent from the same value", async () => {
    const asked: string[] = [];
    const { url } = await serve(({ url: path }, response) => {
      asked.push(path);
      return sendJson(response, path.startsWith("/shops") ? [{ id: 1 }, { id: 2 }] : [{ at: 10 - asked.length }]);
    });
    const source = restApi({
      name: "s",
      client: { baseUrl: url, paginator: "single_page" },
      resources: [
        "shops",
        {
          name: "events",
          endpoint: {
            path: "shop/{resources.shops.id}",
            incremental: { cursorPath: "at", initialValue: 0, startParam: "from" },
          },
        },
      ],
    });
    const pages = await all(source.resources[1].pages({ ...standaloneContext(), state: {} }));
    expect(pages).toMatchObject([{ rows: [{ at: 8 }] }, { rows: [{ at: 7 }] }]);
    expect(asked).toEqual(["/shops", "/shop/1?from=0", "/shop/2?from=0"]);
  });

  test("refuses what convert makes of a value where it cannot be sent", async () => {
    const { url } = await api();
    const resource = events(url, {
      path: "since/{incremental.start_value}",
      incremental: { cursorPath: "at", initialValue: 3, convert: () => null },
    });
    await expect(read(resource)).rejects.toMatchObject({ code: "CURSOR_INVALID" });
    const param = events(url, {
      incremental: { cursorPath: "at", initialValue: 3, startParam: "a", convert: () => ({ a: 1 }) },
    });
    await expect(read(param)).rejects.toMatchObject({ code: "CURSOR_INVALID" });
  });

  test("goes on with a draft only where its settings are the same", () => {
    const fingerprintOf = (initialValue: Date | number): unknown =>
      events("http://a", { incremental: { cursorPath: "at", initialValue } }).fingerprint;
    expect(fingerprintOf(new Date(5))).toEqual(fingerprintOf(new Date(5)));
    expect(fingerprintOf(new Date(5))).not.toEqual(fingerprintOf(new Date(6)));
  });
});

test("a document of dlt's says the same in its three ways", async () => {
  const cursor = { cursor_path: "at", initial_value: "2024-01-01", end_value: null, row_order: null };
  for (const endpoint of [
    { params: { since: "{incremental.start_value}" }, incremental: cursor },
    { params: { since: { type: "incremental", ...cursor } } },
    { incremental: { ...cursor, start_param: "since", allow_external_schedulers: false } },
  ]) {
    const { url, asked } = await api();
    const source = restApiFromDlt({
      client: { base_url: url },
      resources: [{ name: "events", columns: { at: { data_type: "text" } }, endpoint }],
    });
    expect(source.resources[0]).toMatchObject({ cursorPath: "at" });
    await read(source.resources[0]);
    expect(asked).toEqual(["/events?since=2024-01-01"]);
  }
});

test("nested hints and references are taken over from a document", () => {
  const source = restApiFromDlt({
    client: { base_url: "http://a" },
    resources: [
      {
        name: "orders",
        references: [{ columns: ["user_id"], referenced_table: "users", referenced_columns: ["id"] }],
        nested_hints: { items: { primary_key: "sku", columns: { sku: { data_type: "text" } } } },
      },
    ],
  });
  expect(source.resources[0]?.hints).toEqual({
    references: [{ columns: ["user_id"], referencedTable: "users", referencedColumns: ["id"] }],
    nestedHints: { items: { primaryKey: "sku", columns: { sku: { dataType: "text" } } } },
  });
});
