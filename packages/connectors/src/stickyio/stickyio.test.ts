import { isPage, type Json, LadingError, type Resource, type ResourceContext, type Secret } from "lading";
import { afterEach, describe, expect, it } from "vitest";
import { createSimulator, type StickyIoSimulator } from "./simulator/index.ts";
import { stickyio } from "./index.ts";

let open: StickyIoSimulator | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function start(): Promise<string> {
  open = createSimulator({ rows: 250, perPage: 100, password: "pass:word" });
  return (await open.listen()).url;
}

function context(settings: Record<string, string>, position?: Json): ResourceContext {
  const secrets = new Map<string, string>();
  const config: ResourceContext["config"] = {
    get: (key) => settings[key],
    secret: (wanted: Secret | string) => {
      const value = settings[typeof wanted === "string" ? wanted : wanted.key];
      if (value === undefined) throw new LadingError("CONFIG_MISSING", "There is none.");
      return value;
    },
    within: () => config,
    secrets,
  };
  return { signal: new AbortController().signal, state: {}, sourceState: {}, position, config, warn: () => {} };
}

const credentials = { api_username: "demo", api_password: "pass:word" };

async function read(resource: Resource | undefined, settings: Record<string, string>): Promise<{ id: unknown }[]> {
  const rows: unknown[] = [];
  for await (const part of (resource as Resource).pages(context(settings))) {
    rows.push(...(isPage(part) ? part.rows : [part].flat()));
  }
  return rows as { id: unknown }[];
}

describe("stickyio", () => {
  it("declares five tables, each merged by its id", () => {
    const { name, resources } = stickyio({ appKey: "acme" });
    expect(name).toBe("stickyio");
    expect(resources.map((resource) => resource.name)).toEqual([
      "orders",
      "products",
      "customers",
      "subscriptions",
      "product_bundle_index",
    ]);
    for (const { hints } of resources) expect(hints).toMatchObject({ primaryKey: "id", writeDisposition: "merge" });
  });

  it("reads every row of every list once, with the credentials of the settings", async () => {
    const url = await start();
    for (const resource of stickyio({ baseUrl: url }).resources) {
      const rows = await read(resource, credentials);
      expect(rows).toHaveLength(open?.counts[resource.name] ?? -1);
      expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
    }
    expect(open?.requests.every(({ status }) => status === 200)).toBe(true);
  });

  it("finds the API by the settings where the code does not say", async () => {
    const url = await start();
    const [orders] = stickyio().resources;
    expect(await read(orders, { ...credentials, base_url: `${url}/api/v2` })).toHaveLength(250);
    expect(open?.requests[0]?.url).toMatch(/^\/api\/v2\/orders/);
    await expect(read(orders, credentials)).rejects.toMatchObject({ code: "CONFIG_MISSING" });
  });

  it("says so where the credentials are wrong", async () => {
    const url = await start();
    const [orders] = stickyio({ baseUrl: `${url}/v2/`, username: "demo", password: "no" }).resources;
    await expect(read(orders, {})).rejects.toMatchObject({ code: "HTTP_UNAUTHORIZED" });
  });

  it.each(["acme.example/", "a@b", "", "-a", "a b"])(
    "refuses %j as an app key, so that no other host gets the password",
    (appKey) => {
      expect(() => stickyio({ appKey })).toThrow(LadingError);
    },
  );

  it("refuses two places at once", () => {
    expect(() => stickyio({ appKey: "acme", baseUrl: "https://acme.sticky.io/api" })).toThrow("not both");
  });
});
