import { request as httpRequest } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createSimulator, type SimulatorOptions, type StickyIoSimulator } from "./index.ts";

let open: StickyIoSimulator | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function start(options: SimulatorOptions = {}): Promise<{ simulator: StickyIoSimulator; url: string }> {
  open = createSimulator({ rows: 25, perPage: 10, ...options });
  const { url } = await open.listen();
  return { simulator: open, url };
}

const authorization = `Basic ${btoa("demo:demo")}`;

async function call(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, headers: { authorization } });
}

interface Listed {
  readonly status: string;
  readonly message: string;
  readonly data: Record<string, unknown>[];
  readonly next_page_url: string | null;
  readonly last_page: number;
  readonly path: string;
  readonly total: number;
}

async function json(response: Response): Promise<Listed> {
  return (await response.json()) as Listed;
}

describe("the lists", () => {
  it.each(["orders", "products", "customers", "subscriptions"])(
    "serve %s page by page, by their links",
    async (name) => {
      const { simulator, url } = await start();
      const rows: unknown[] = [];
      let next: string | null = `${url}/v2/${name}`;
      while (next !== null) {
        const response: Response = await call(next);
        expect(response.status).toBe(200);
        expect(response.headers.get("content-type")).toBe("application/json");
        const page: Listed = await json(response);
        rows.push(...page.data);
        next = page.next_page_url;
      }
      expect(rows).toHaveLength(simulator.counts[name as "orders"]);
    },
  );

  it("are the same under /api/v2, with links that stay there", async () => {
    const { url } = await start();
    const [short, long] = await Promise.all([call(`${url}/v2/orders`), call(`${url}/api/v2/orders`)]);
    const page = await json(long);
    expect(page.data).toEqual((await json(short)).data);
    expect(page.next_page_url).toBe(`${url}/api/v2/orders?page=2`);
  });

  it("give all bundles at once, for a POST, under three paths", async () => {
    const { simulator, url } = await start();
    for (const path of ["/v2", "/api/v2", "/api/v1"]) {
      const response = await call(`${url}${path}/product_bundle_index`, { method: "POST", body: "{}" });
      const page = await json(response);
      expect(page).toMatchObject({ status: "SUCCESS", next_page_url: null, last_page: 1 });
      expect(page.data).toHaveLength(simulator.counts.product_bundle_index);
    }
  });

  it("name the host in their links as the caller did", async () => {
    const { url } = await start();
    const body = await new Promise<string>((resolve, reject) => {
      const headers = { authorization, host: "acme.sticky.example" };
      httpRequest(`${url}/v2/orders?page=2`, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve(Buffer.concat(chunks).toString()));
      })
        .on("error", reject)
        .end();
    });
    const page = JSON.parse(body) as Listed;
    expect(page.path).toBe("http://acme.sticky.example/v2/orders");
    expect(page.next_page_url).toBe("http://acme.sticky.example/v2/orders?page=3");
  });

  it("answer HEAD as GET, without a body", async () => {
    const { url } = await start();
    const response = await call(`${url}/v2/orders`, { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
  });

  it("see what was touched and what was added", async () => {
    const { simulator, url } = await start({ now: () => Date.UTC(2031, 0, 1) });
    const before = await json(await call(`${url}/v2/orders`));
    simulator.touch(25);
    simulator.grow(5);
    const after = await json(await call(`${url}/v2/orders`));
    expect(after.total).toBe(30);
    expect(after.data.map((row) => row["id"])).toEqual(before.data.map((row) => row["id"]));
    expect(after.data.every((row) => (row["updated_at"] as { date: string }).date.startsWith("2031-01-01"))).toBe(true);
  });
});

describe("refusals", () => {
  it.each([
    ["no credentials", undefined],
    ["a wrong password", `Basic ${btoa("demo:nope")}`],
    ["a longer password", `Basic ${btoa("demo:demodemo")}`],
    ["another scheme", "Bearer demo"],
    ["no base64", "Basic ???"],
  ])("answer 401 to %s", async (_, header) => {
    const { url } = await start();
    const response = await fetch(
      `${url}/v2/orders`,
      header === undefined ? {} : { headers: { authorization: header } },
    );
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe('Basic realm="sticky.io"');
    expect(await json(response)).toMatchObject({ status: "FAILURE", code: 401 });
  });

  it("take user names and passwords with colons and letters beyond ASCII", async () => {
    const { url } = await start({ username: "Zoë", password: "a:b:ü" });
    const header = `basic ${Buffer.from("Zoë:a:b:ü").toString("base64")}`;
    expect((await fetch(`${url}/v2/orders`, { headers: { authorization: header } })).status).toBe(200);
  });

  it("answer 404 to a path that is none", async () => {
    const { url } = await start();
    for (const path of ["/", "/v2/nothing", "/v3/orders", "/api/v1/orders", "//"]) {
      const response = await call(url + path);
      expect(response.status).toBe(404);
      expect(await json(response)).toMatchObject({ status: "FAILURE" });
    }
  });

  it("answer 405 to the wrong method, and say which is right", async () => {
    const { url } = await start();
    const posted = await call(`${url}/v2/orders`, { method: "POST", body: "{}" });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET"]);
    const got = await call(`${url}/v2/product_bundle_index`);
    expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await json(got)).toMatchObject({ status: "FAILURE" });
  });

  it.each(["0", "-3", "x", "1.0", ""])("answer 422 to page %j", async (page) => {
    const { url } = await start();
    const response = await call(`${url}/v2/orders?page=${page}`);
    expect(response.status).toBe(422);
    expect(await json(response)).toMatchObject({
      status: "FAILURE",
      message: expect.stringContaining("page") as string,
    });
  });

  it.each(["{", '"text"', "3", "null"])("answer 422 to the body %s", async (body) => {
    const { url } = await start();
    const response = await call(`${url}/v2/product_bundle_index`, { method: "POST", body });
    expect(response.status).toBe(422);
  });

  it("answer 413 to a body without measure", async () => {
    const { url } = await start();
    const response = await call(`${url}/v2/product_bundle_index`, { method: "POST", body: "x".repeat(100_000) });
    expect(response.status).toBe(413);
  });
});

describe("limits", () => {
  it("let product_bundle_index through 60 times a minute, by the given clock", async () => {
    let now = 0;
    const { url } = await start({ now: () => now });
    const ask = (path: string): Promise<Response> => call(url + path, { method: "POST", body: "{}" });
    for (let n = 0; n < 60; n++) expect((await ask("/v2/product_bundle_index")).status).toBe(200);
    now = 45_000;
    const refused = await ask("/api/v1/product_bundle_index");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("15");
    expect(await json(refused)).toMatchObject({ status: "FAILURE", code: 429 });
    expect((await call(`${url}/v2/orders`)).status).toBe(200);
    now = 60_000;
    expect((await ask("/v2/product_bundle_index")).status).toBe(200);
  });

  it("hold each other list to 120 a minute where that is switched on, and not otherwise", async () => {
    const statuses = async (limitLists: boolean): Promise<number[]> => {
      const { simulator, url } = await start({ limitLists, now: () => 0 });
      const all: number[] = [];
      for (let n = 0; n < 121; n++) all.push((await call(`${url}/v2/products`)).status);
      await simulator.close();
      return all;
    };
    expect((await statuses(false)).every((status) => status === 200)).toBe(true);
    const limited = await statuses(true);
    expect(limited.indexOf(429)).toBe(120);
  });

  it("do not count who is not let in", async () => {
    const { url } = await start({ now: () => 0 });
    for (let n = 0; n < 61; n++) await fetch(`${url}/v2/product_bundle_index`, { method: "POST" });
    expect((await call(`${url}/v2/product_bundle_index`, { method: "POST" })).status).toBe(200);
  });
});

describe("the server", () => {
  it("keeps a log of what was asked, and not of credentials", async () => {
    const told: unknown[] = [];
    const { simulator, url } = await start({ now: () => 77, log: (entry) => told.push(entry) });
    await call(`${url}/v2/orders?page=2`);
    await call(`${url}/nothing`);
    expect(simulator.requests).toEqual([
      { method: "GET", url: "/v2/orders?page=2", status: 200, at: 77 },
      { method: "GET", url: "/nothing", status: 404, at: 77 },
    ]);
    expect(told).toEqual(simulator.requests);
  });

  it("forgets the oldest requests, so that its memory is bounded", async () => {
    const { simulator, url } = await start({ rows: 0 });
    for (let n = 0; n < 1010; n++) await call(`${url}/v2/orders?page=${n + 1}`).then((response) => response.text());
    expect(simulator.requests).toHaveLength(1000);
    expect(simulator.requests[0]?.url).toBe("/v2/orders?page=11");
  });

  it("refuses to listen twice, and to listen on a port that is taken", async () => {
    const { simulator, url } = await start();
    await expect(simulator.listen()).rejects.toThrow("listens already");
    await expect(createSimulator().listen(Number(new URL(url).port))).rejects.toThrow("EADDRINUSE");
  });

  it("closes twice without complaint", async () => {
    const { simulator } = await start();
    await simulator.close();
    await expect(simulator.close()).resolves.toBeUndefined();
  });

  it.each([{ rows: -1 }, { rows: 1.5 }, { rows: 2e9 }, { perPage: 0 }, { seed: Number.NaN }])(
    "does not start with %j",
    (options) => {
      expect(() => createSimulator(options)).toThrow(RangeError);
    },
  );
});
