import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { strike } from "./faults.ts";
import { createSimulator, type Faults, type SimulatorOptions, type StickyIoSimulator } from "./index.ts";

let open: StickyIoSimulator | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function start(faults: Faults, options: SimulatorOptions = {}): Promise<string> {
  open = createSimulator({ rows: 25, perPage: 10, faults, ...options });
  return (await open.listen()).url;
}

interface Got {
  readonly status?: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** How it ended where it did not end well. */
  readonly error?: string;
}

/** Reads as much as there is, and says how the reading ended. */
function get(url: string, { patience = 5000 } = {}): Promise<Got> {
  return new Promise((resolve) => {
    let status: number | undefined;
    let headers: IncomingHttpHeaders = {};
    let body = "";
    const done = (error?: string): void =>
      resolve({
        ...(status === undefined ? {} : { status }),
        headers,
        body,
        ...(error === undefined ? {} : { error }),
      });
    const request = httpRequest(url, { auth: "demo:demo", agent: false, timeout: patience }, (response) => {
      status = response.statusCode;
      headers = response.headers;
      response.on("data", (chunk: Buffer) => (body += chunk.toString("latin1")));
      response.on("error", (error) => done((error as NodeJS.ErrnoException).code));
      response.on("end", () => done());
    });
    request.on("timeout", () => {
      done("still waiting");
      request.destroy();
    });
    request.on("error", (error) => done((error as NodeJS.ErrnoException).code));
    request.end();
  });
}

describe("which requests are struck", () => {
  it("all, where nothing else is said", () => {
    expect(strike([{ kind: "drop" }], 1, "orders", 7).fault).toMatchObject({ kind: "drop" });
  });

  it("only those of the list and the number that are named", () => {
    const faults: Faults = [{ kind: "drop", endpoint: "orders", nth: [2, 4] }];
    const struck = [1, 2, 3, 4].map((nth) => strike(faults, 1, "orders", nth).fault !== undefined);
    expect(struck).toEqual([false, true, false, true]);
    expect(strike(faults, 1, "products", 2).fault).toBeUndefined();
  });

  it("the same share for the same seed", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, probability) => {
        const faults: Faults = [{ kind: "drop", probability }];
        const struck = (): number[] =>
          Array.from({ length: 500 }, (_, n) => n + 1).filter((nth) => strike(faults, seed, "orders", nth).fault);
        expect(struck()).toEqual(struck());
        expect(Math.abs(struck().length / 500 - probability)).toBeLessThan(0.15);
      }),
      { numRuns: 50 },
    );
  });

  it("by the first fault that fits, after all latencies that do", () => {
    const faults: Faults = [
      { kind: "latency", milliseconds: 5 },
      { kind: "hang", nth: 2 },
      { kind: "drop" },
      { kind: "latency", milliseconds: 7 },
    ];
    expect(strike(faults, 1, "orders", 1)).toMatchObject({ milliseconds: 12, fault: { kind: "drop" } });
    expect(strike(faults, 1, "orders", 2)).toMatchObject({ milliseconds: 12, fault: { kind: "hang" } });
  });

  it("never where a probability or a count is none", () => {
    for (const fault of [{ probability: 1.5 }, { probability: Number.NaN }, { nth: 0 }, { nth: [1, 1.5] }]) {
      expect(() => createSimulator({ faults: [{ kind: "drop", ...fault }] })).toThrow(RangeError);
    }
    expect(() => createSimulator({ faults: [{ kind: "latency", milliseconds: -1 }] })).toThrow(RangeError);
  });
});

describe("each fault", () => {
  it("latency: waits, by the given sleep, and answers then", async () => {
    const slept: number[] = [];
    const sleep = async (milliseconds: number): Promise<void> => void slept.push(milliseconds);
    const url = await start([{ kind: "latency", milliseconds: 9_999 }], { sleep });
    expect((await get(`${url}/v2/orders`)).status).toBe(200);
    expect(slept).toEqual([9_999]);
  });

  it("latency: waits with a timer of its own too", async () => {
    const url = await start([{ kind: "latency", milliseconds: 20 }]);
    expect((await get(`${url}/v2/orders`)).status).toBe(200);
  });

  it("latency: ends when the server is closed", async () => {
    let waits = (): void => {};
    const waiting = new Promise<void>((resolve) => (waits = resolve));
    const sleep = (_: number, signal: AbortSignal): Promise<void> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("closed")));
        waits();
      });
    const url = await start([{ kind: "latency", milliseconds: 3_600_000 }], { sleep });
    const answer = get(`${url}/v2/orders`);
    await waiting;
    await open?.close();
    expect((await answer).error).toBe("ECONNRESET");
  });

  it("too_many_requests: 429, with a time to wait, another one, or none", async () => {
    const url = await start([
      { kind: "too_many_requests", nth: 1 },
      { kind: "too_many_requests", nth: 2, retryAfter: "Wed, 21 Oct 2026 07:28:00 GMT" },
      { kind: "too_many_requests", nth: 3, retryAfter: null },
    ]);
    const answers = [await get(`${url}/v2/orders`), await get(`${url}/v2/orders`), await get(`${url}/v2/orders`)];
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 429]);
    const after = answers.map(({ headers }) => headers["retry-after"]);
    expect(after).toEqual(["1", "Wed, 21 Oct 2026 07:28:00 GMT", undefined]);
    expect((await get(`${url}/v2/orders`)).status).toBe(200);
  });

  it("server_error: 500 or 503, as JSON", async () => {
    const url = await start([
      { kind: "server_error", nth: 1 },
      { kind: "server_error", nth: 2, status: 503, retryAfter: "2" },
    ]);
    const first = await get(`${url}/v2/orders`);
    expect([first.status, JSON.parse(first.body)]).toMatchObject([500, { status: "FAILURE" }]);
    expect(await get(`${url}/v2/orders`)).toMatchObject({ status: 503, headers: { "retry-after": "2" } });
  });

  it("drop: no answer, the connection is reset", async () => {
    const url = await start([{ kind: "drop" }]);
    expect(await get(`${url}/v2/orders`)).toEqual({ headers: {}, body: "", error: "ECONNRESET" });
  });

  it("drop_mid_body: half of the body, then a reset", async () => {
    const url = await start([{ kind: "drop_mid_body" }]);
    const { status, headers, body, error } = await get(`${url}/v2/orders`);
    expect([status, error]).toEqual([200, "ECONNRESET"]);
    expect(body.length).toBeLessThan(Number(headers["content-length"]));
  });

  it("truncated: fewer bytes than Content-Length, then the end", async () => {
    const url = await start([{ kind: "truncated" }]);
    const { status, headers, body, error } = await get(`${url}/v2/orders`);
    expect([status, error]).toEqual([200, "ECONNRESET"]);
    expect(body.length).toBe(Number(headers["content-length"]) - 1);
  });

  it("malformed_json: a whole body that is none", async () => {
    const url = await start([{ kind: "malformed_json" }]);
    const { status, headers, body, error } = await get(`${url}/v2/orders`);
    expect([status, error]).toEqual([200, undefined]);
    expect(body.length).toBe(Number(headers["content-length"]));
    expect(() => JSON.parse(body) as unknown).toThrow(SyntaxError);
  });

  it("html: a page for people, with a status of choice", async () => {
    const url = await start([
      { kind: "html", nth: 1 },
      { kind: "html", nth: 2, status: 200 },
    ]);
    const first = await get(`${url}/v2/orders`);
    expect(first).toMatchObject({ status: 502, headers: { "content-type": "text/html; charset=utf-8" } });
    expect(first.body).toMatch(/^<!DOCTYPE html>/);
    expect((await get(`${url}/v2/orders`)).status).toBe(200);
  });

  it("error_in_ok: 200 that says no", async () => {
    const url = await start([{ kind: "error_in_ok" }]);
    const { status, body } = await get(`${url}/v2/orders`);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ response_code: "410" });
  });

  it("repeated_link: the next page is this one", async () => {
    const url = await start([{ kind: "repeated_link", nth: 2 }]);
    await get(`${url}/v2/orders`);
    const { body } = await get(`${url}/v2/orders?page=2`);
    expect(JSON.parse(body)).toMatchObject({ current_page: 2, next_page_url: `${url}/v2/orders?page=2` });
  });

  it("foreign_link: the next page is on another server", async () => {
    const url = await start([
      { kind: "foreign_link", nth: 1 },
      { kind: "foreign_link", nth: 2, origin: "http://127.0.0.1:9" },
    ]);
    const next = async (): Promise<unknown> =>
      (JSON.parse((await get(`${url}/v2/orders`)).body) as { next_page_url: unknown }).next_page_url;
    expect(await next()).toBe("https://elsewhere.example/v2/orders?page=2");
    expect(await next()).toBe("http://127.0.0.1:9/v2/orders?page=2");
  });

  it("hang: nothing, until the caller or the server gives up", async () => {
    let arrived = (): void => {};
    const url = await start([{ kind: "hang" }], { log: () => arrived() });
    expect(await get(`${url}/v2/orders`, { patience: 50 })).toMatchObject({ error: "still waiting", body: "" });
    expect(open?.requests).toMatchObject([{ status: null, fault: "hang" }]);
    const second = new Promise<void>((resolve) => (arrived = resolve));
    const other = get(`${url}/v2/orders`);
    await second;
    await open?.close();
    expect((await other).error).toBe("ECONNRESET");
  });

  it("hang_mid_body: half of the body, and then nothing", async () => {
    const url = await start([{ kind: "hang_mid_body" }]);
    const { status, headers, body, error } = await get(`${url}/v2/orders`, { patience: 100 });
    expect([status, error]).toEqual([200, "still waiting"]);
    expect(body.length).toBeGreaterThan(0);
    expect(body.length).toBeLessThan(Number(headers["content-length"]));
  });

  it("is over when the faults are taken away, and counts anew when they are set", async () => {
    const url = await start([{ kind: "drop", nth: 1 }]);
    expect((await get(`${url}/v2/orders`)).error).toBe("ECONNRESET");
    open?.setFaults([{ kind: "server_error", nth: 1 }]);
    expect((await get(`${url}/v2/orders`)).status).toBe(500);
    open?.setFaults([]);
    expect((await get(`${url}/v2/orders`)).status).toBe(200);
  });
});
