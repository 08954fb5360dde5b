import { describe, expect, test } from "vitest";
import { secret } from "../../config/secret.ts";
import { LadingError } from "../../errors/index.ts";
import { restApi, restApiFromDlt } from "./index.ts";
import { suggest } from "../../util/suggest.ts";
import { parseTemplate } from "./template.ts";

/** What is wrong with a configuration; it is given as JavaScript would, without the help of types. */
function problems(config: unknown, make: (config: never) => unknown = restApi): readonly string[] {
  try {
    make(config as never);
  } catch (error) {
    if (LadingError.is(error, "REST_CONFIG_INVALID")) return error.details["problems"] as readonly string[];
    throw error;
  }
  return [];
}

const base = { name: "s", client: { baseUrl: "http://a" } };
const withResource = (resource: unknown): unknown => ({ ...base, resources: [resource] });

describe("a configuration is refused", () => {
  test.each([
    [{ ...base }, ['"resources" is missing']],
    [{ name: "s", client: {}, resources: [] }, ['client: "baseUrl" is missing']],
    [null, ["must be an object, and is null"]],
    [{ ...base, resources: {} }, ["resources: must be a list, and is an object"]],
    [{ ...base, resources: [{}] }, ['resources[0]: "name" is missing']],
    [
      withResource({ name: "a", endpoint: { parms: {} } }),
      ['resources[0].endpoint.parms: there is no such key. Did you mean "params"?'],
    ],
    [
      withResource({ name: "a", primary_key: "id" }),
      ['resources[0].primary_key: there is no such key. Did you mean "primaryKey"?'],
    ],
    [
      withResource({ name: "a", endpoint: { method: "PUT" } }),
      ['resources[0].endpoint.method: "PUT" is not one of "GET", "POST".'],
    ],
    [withResource({ name: "a", writeDisposition: "apend" }), [expect.stringContaining('Did you mean "append"?')]],
    [
      withResource({ name: "a", columns: { x: { dataType: "int" } } }),
      [expect.stringContaining("resources[0].columns.x.dataType")],
    ],
    [
      withResource({ name: "a", endpoint: { paginator: "jsonlink" } }),
      [expect.stringContaining('Did you mean "json_link"?')],
    ],
    [
      withResource({ name: "a", endpoint: { paginator: "offset" } }),
      ['resources[0].endpoint.paginator: "limit" is missing'],
    ],
    [
      withResource({ name: "a", endpoint: { paginator: { type: "offset", limit: 5, pageParam: "p" } } }),
      [expect.stringMatching(/paginator\.pageParam: there is no such key/)],
    ],
    [
      withResource({ name: "a", endpoint: { paginator: { nextUrlPath: "x" } } }),
      [expect.stringContaining('"type" is missing')],
    ],
    [withResource({ name: "a", endpoint: { dataSelector: "a[?(@.b)]" } }), [expect.stringContaining("cannot be used")]],
    [
      withResource({ name: "a", endpoint: { params: { q: { x: 1 } } } }),
      [expect.stringContaining("params.q: is an object")],
    ],
    [
      withResource({ name: "a", endpoint: { json: { q: { x: secret("k") } } } }),
      [expect.stringContaining("a secret in a JSON body")],
    ],
    [{ ...base, resources: ["a", "a"] }, ['resources[1].name: there is a resource "a" already']],
  ])("%j", (config, expected) => {
    expect(problems(config)).toEqual(expected);
  });

  test.each([
    ["auth", { endpoint: { auth: { type: "oauth2_client_credentials" } } }],
    ["responseActions", { endpoint: { responseActions: [] } }],
    ["data", { endpoint: { data: {} } }],
    ["parallelized", { parallelized: true }],
    ["allowExternalSchedulers", { endpoint: { incremental: { cursorPath: "at", allowExternalSchedulers: true } } }],
  ])("where it asks for what is not built yet: %s", (key, resource) => {
    const [first] = problems(withResource({ name: "a", ...resource }));
    expect(first).toMatch(new RegExp(`${key}: is not supported yet$`));
  });

  test("with everything that is wrong at once", () => {
    expect(problems({ ...base, resources: [{ nme: "a" }, { name: 5 }] })).toEqual([
      'resources[0].nme: there is no such key. Did you mean "name"?',
      'resources[0]: "name" is missing',
      "resources[1].name: must be a text, and is 5",
    ]);
  });

  test("without showing a secret that stands in the wrong place", () => {
    const shown = JSON.stringify(
      problems({
        ...base,
        client: { baseUrl: "http://a", auth: { type: "bearer", tokn: "t0ken" }, headers: "k3y" },
        resources: [],
      }),
    );
    expect(shown).not.toMatch(/t0ken|k3y/);
  });

  test.each([
    [{ path: "x/{resources.postz.id}" }, 'there is no resource "postz". Did you mean "posts"?'],
    [{ path: "x/{resources.posts}" }, "{resources.posts} should be {resources.<parent>.<field>}"],
    [{ path: "x/{id}" }, "{id} needs a param of that name"],
    [{ path: "x/{id}", params: { id: true } }, "{id} needs a param of that name"],
    [{ path: "x/{resources.posts.id" }, "has a { without a }"],
    [{ path: "x/}" }, "has a } without a {"],
    [
      { params: { a: "{incremental.start_value}" } },
      'params.a: {incremental.start_value}: the endpoint has no "incremental"',
    ],
    [{ params: { a: "{incremental.start}" } }, "a cursor has start_value, last_value, initial_value, end_value"],
    [{ params: { a: "{incremental.start_value:%Y}" } }, 'not supported; use "convert"'],
    [{ path: "since/{incremental.start_value}", incremental: { cursorPath: "at" } }, "has no value in the first run"],
    [{ params: { a: "x{incremental.end_value}" }, incremental: { cursorPath: "at" } }, "has no value in the first run"],
    [{ params: { a: { type: "incremental", cursorPath: "at" } }, incremental: { cursorPath: "at" } }, "more than once"],
    [{ params: { a: 1 }, incremental: { cursorPath: "at", startParam: "a" } }, "params.a: is filled by the cursor"],
    [{ incremental: { cursorPath: "at", endValue: 3 } }, "endValue needs an initialValue"],
    [{ incremental: { cursorPath: "at", rowOrder: "up" } }, '"up" is not one of "asc", "desc"'],
    [{ incremental: {} }, '"cursorPath" is missing'],
    [{ json: { query: "{ users { id } }" } }, "Double braces that mean themselves"],
    [{ params: { a: "{resources.posts.id:>5}" } }, "formats and conversions are not supported yet"],
    [{ path: "{resources.posts.id}/{resources.users.id}" }, "several parents: posts, users"],
  ])("for a template that cannot be: %j", (endpoint, message) => {
    const found = problems({ ...base, resources: ["posts", "users", { name: "c", endpoint }] });
    expect(found.join("\n")).toContain(message);
  });

  test("for circles, and for fields of a parent that is not there", () => {
    const circle = [
      { name: "chicken", endpoint: "{resources.egg.id}/x" },
      { name: "egg", endpoint: "{resources.chicken.id}/x" },
    ];
    expect(problems({ ...base, resources: circle })).toEqual([
      "the resources depend on each other in a circle: chicken → egg → chicken",
    ]);
    expect(problems(withResource({ name: "a", includeFromParent: ["id"] }))).toEqual([
      expect.stringContaining("has no parent"),
    ]);
  });

  test("for options of a paginator that contradict each other, before anything is read", () => {
    const paginator = { type: "cursor", cursorParam: "a", cursorBodyPath: "b" };
    expect(problems({ ...base, resources: [{ name: "a", endpoint: { paginator } }] })).toEqual([
      expect.stringContaining("not both"),
    ]);
  });
});

describe("a document of dlt's", () => {
  const document = {
    client: {
      base_url: "https://api.example.com/v1",
      auth: { type: "api_key", name: "X-Key", api_key: "k3y", location: "header" },
      paginator: { type: "json_response", next_url_path: "paging.next" },
    },
    resource_defaults: { primary_key: "id", write_disposition: "merge", endpoint: { params: { per_page: 100 } } },
    resources: [
      "users",
      {
        name: "orders",
        table_name: "all_orders",
        columns: { updated_at: { data_type: "timestamp", "x-mine": 1 } },
        schema_contract: { data_type: "freeze" },
        endpoint: {
          path: "orders/list",
          data_selector: "data.items",
          paginator: { type: "offset", limit: 10, total_path: null, maximum_offset: null, has_more_path: "more" },
        },
        parallelized: false,
      },
      {
        name: "lines",
        endpoint: { path: "orders/{resources.orders.id}/lines" },
        include_from_parent: ["id"],
        max_table_nesting: 1,
      },
    ],
  };

  test("is taken as it is", () => {
    const source = restApiFromDlt(document, { name: "shop" });
    expect(source.name).toBe("shop");
    expect(source.resources.map(({ name }) => name)).toEqual(["users", "orders", "lines"]);
    expect(source.resources[1]?.hints).toEqual({
      primaryKey: "id",
      writeDisposition: "merge",
      tableName: "all_orders",
      columns: { updated_at: { dataType: "timestamp", "x-mine": 1 } },
      schemaContract: { dataType: "freeze" },
    });
    expect(source.resources[2]?.parent?.name).toBe("orders");
    expect(restApiFromDlt(document).name).toBe("rest_api");
  });

  test("may say how rows are merged, with all that dlt knows", () => {
    const history = {
      disposition: "merge",
      strategy: "scd2",
      validity_column_names: ["from", "to"],
      active_record_timestamp: "9999-12-31",
      boundary_timestamp: null,
      row_version_column_name: "etag",
      source_filter: "v > 1",
      destination_scope: "{table}.v > 1",
    };
    const upsert = { disposition: "merge", strategy: "upsert", skip_unchanged_rows: true };
    const source = restApiFromDlt({
      client: { base_url: "http://a" },
      resources: [
        { name: "a", write_disposition: history },
        { name: "b", write_disposition: upsert },
      ],
    });
    expect(source.resources.map(({ hints }) => hints.writeDisposition)).toEqual([
      {
        disposition: "merge",
        strategy: "scd2",
        validityColumnNames: ["from", "to"],
        activeRecordTimestamp: "9999-12-31",
        boundaryTimestamp: null,
        rowVersionColumnName: "etag",
        sourceFilter: "v > 1",
        destinationScope: "{table}.v > 1",
      },
      { disposition: "merge", strategy: "upsert", skipUnchangedRows: true },
    ]);
    const wrong = {
      client: { base_url: "http://a" },
      resources: [{ name: "a", write_disposition: { ...upsert, deduplicated: true } }],
    };
    expect(() => restApiFromDlt(wrong)).toThrow(expect.objectContaining({ code: "DISPOSITION_INVALID" }));
  });

  test("is not changed", () => {
    const before = JSON.stringify(document);
    restApiFromDlt(document);
    expect(JSON.stringify(document)).toBe(before);
  });

  test("with unknown or camelCase keys is refused with the place", () => {
    const wrong = {
      client: { baseUrl: "http://a" },
      resources: [
        { name: "a", endpoint: { data_selecter: "x", response_actions: [], params: { s: { type: "incremental" } } } },
      ],
    };
    expect(problems(wrong, restApiFromDlt)).toEqual([
      'client.baseUrl: there is no such key. Did you mean "base_url"?',
      'client: "base_url" is missing',
      'resources[0].endpoint.data_selecter: there is no such key. Did you mean "data_selector"?',
      "resources[0].endpoint.response_actions: is not supported yet",
      'resources[0].endpoint.params.s: "cursor_path" is missing',
    ]);
    expect(problems([], restApiFromDlt)).toEqual(["must be an object, and is a list"]);
  });
});

describe("a template", () => {
  test.each([
    ["a", ["a"]],
    ["", [""]],
    ["a{{b}}c", ["a{b}c"]],
    ["{{{x}}}", ["{", { param: "x" }, "}"]],
    ["{{{{x}}}}", ["{{x}}"]],
    ["{a}{b}", [{ param: "a" }, { param: "b" }]],
    ["❤ {a-b}", ["❤ ", { param: "a-b" }]],
  ])("%j", (text, parts) => {
    expect(parseTemplate(text, "path")).toEqual(parts);
  });

  test("has the parent and the way in its row", () => {
    expect(parseTemplate("{resources.posts.blog.id}", "value")).toMatchObject([{ parent: "posts", field: "blog.id" }]);
    expect(parseTemplate("{resources.posts.$}", "value")).toMatchObject([
      { parent: "posts", field: "$", selector: { steps: [] } },
    ]);
  });
});

test("suggestions are for near misses only", () => {
  expect(suggest("base_url", ["baseUrl", "auth"])).toBe("baseUrl");
  expect(suggest("paginater", ["paginator", "params"])).toBe("paginator");
  expect(suggest("banana", ["paginator", "params"])).toBeUndefined();
});
