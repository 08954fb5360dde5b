import net from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { secret } from "../config/secret.ts";
import { apiKey, basic, bearer, HttpClient } from "./index.ts";
import { sendJson, testServers } from "./testing-server.ts";

const { impatientClient, serve } = testServers(onTestFinished);

const quick = { connect: 2000, headers: 60, idle: 60, total: 5000 };

describe("an answer", () => {
  test("comes with status, headers, body and address", async () => {
    const { url } = await serve((_request, response) => {
      response.setHeader("Set-Cookie", ["a=1", "b=2"]);
      sendJson(response, { ok: true }, 201);
    });
    const { client } = impatientClient(url);
    const answer = await client.request("/x?a=1");
    expect(answer.status).toBe(201);
    expect(answer.headers["set-cookie"]).toBe("a=1, b=2");
    expect(answer.body.toString()).toBe('{"ok":true}');
    expect(answer.url).toBe(`${url}/x?a=1`);
  });

  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["br", brotliCompressSync],
  ])("is unpacked from %s", async (encoding, pack) => {
    const { url, requests } = await serve((_request, response) => {
      response.setHeader("content-encoding", encoding);
      response.end(pack(Buffer.from('{"text":"ä"}')));
    });
    const { client } = impatientClient(url);
    expect((await client.request("")).body.toString()).toBe('{"text":"ä"}');
    expect(requests[0]?.headers["accept-encoding"]).toBe("gzip, deflate, br");
  });

  test("packed in a way that nobody knows is an error", async () => {
    const { url } = await serve((_request, response) => {
      response.setHeader("content-encoding", "zstd");
      response.end("x");
    });
    await expect(impatientClient(url).client.request("")).rejects.toMatchObject({ code: "HTTP_ENCODING" });
  });

  test("that unpacks to more than the limit is given up while it is unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    const { url, requests } = await serve((_request, response) => {
      response.setHeader("content-encoding", "gzip");
      response.end(bomb);
    });
    const { client } = impatientClient(url, { maxBodyBytes: 1024 * 1024 });
    await expect(client.request("")).rejects.toMatchObject({
      code: "HTTP_BODY_TOO_LARGE",
      details: { limit: 1048576 },
    });
    expect(requests).toHaveLength(1);
  });

  test.each([true, false])("larger than the limit is refused (length announced: %s)", async (announced) => {
    const { url } = await serve((_request, response) => {
      if (announced) response.setHeader("content-length", "3000");
      for (let i = 0; i < 3; i++) response.write("x".repeat(1000));
      response.end();
    });
    const { client } = impatientClient(url, { maxBodyBytes: 2000 });
    await expect(client.request("")).rejects.toMatchObject({ code: "HTTP_BODY_TOO_LARGE" });
  });
});

describe("a status of 400 and more", () => {
  test.each([
    [400, "HTTP_CLIENT_ERROR"],
    [401, "HTTP_UNAUTHORIZED"],
    [403, "HTTP_FORBIDDEN"],
    [404, "HTTP_NOT_FOUND"],
    [422, "HTTP_CLIENT_ERROR"],
  ])("%i is %s, at once, and quotes the answer", async (status, code) => {
    const { url, requests } = await serve((_request, response) =>
      sendJson(response, { message: "so  it\nis" }, status),
    );
    const failure = impatientClient(url).client.request("orders?api_key=abcdef");
    await expect(failure).rejects.toMatchObject({ code, details: { status } });
    await expect(failure).rejects.toThrow(/orders\?api_key=\*\*\* answered \d+: \{"message":"so it\\nis"\}/);
    expect(requests).toHaveLength(1);
  });

  test.each([
    [429, "HTTP_RATE_LIMITED"],
    [500, "HTTP_SERVER_ERROR"],
    [503, "HTTP_SERVER_ERROR"],
  ])("%i is tried five times, then it is %s", async (status, code) => {
    const { url, requests } = await serve((_request, response) => sendJson(response, {}, status));
    const { client, waits } = impatientClient(url);
    await expect(client.request("")).rejects.toMatchObject({ code, details: { attempts: 5 } });
    expect(requests).toHaveLength(5);
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
  });

  test("that passes is no error", async () => {
    const { url } = await serve((_request, response, count) => sendJson(response, { count }, count < 3 ? 503 : 200));
    const notices: number[] = [];
    const { client } = impatientClient(url, { onRetry: ({ attempt }) => notices.push(attempt) });
    expect((await client.request("")).body.toString()).toBe('{"count":3}');
    expect(notices).toEqual([1, 2]);
  });

  test("a POST that is not known to be harmless is tried again only where it surely was not done", async () => {
    const { url, requests } = await serve((request, response) =>
      sendJson(response, {}, request.url === "/503" ? 503 : 500),
    );
    const { client } = impatientClient(url);
    await expect(client.request("500", { method: "POST" })).rejects.toMatchObject({ code: "HTTP_SERVER_ERROR" });
    expect(requests).toHaveLength(1);
    await expect(client.request("503", { method: "POST" })).rejects.toMatchObject({ code: "HTTP_SERVER_ERROR" });
    expect(requests).toHaveLength(6);
  });
});

describe("Retry-After", () => {
  const now = Date.UTC(2026, 0, 1);

  test.each([
    ["7", 7000],
    [new Date(now + 90_000).toUTCString(), 90_000],
    [new Date(now - 90_000).toUTCString(), 0],
    ["soon", 1000],
    ["-5", 1000],
  ])("%s is a wait of %i ms", async (header, expected) => {
    const { url } = await serve((_request, response, count) => {
      if (count === 1) response.setHeader("retry-after", header);
      sendJson(response, {}, count === 1 ? 429 : 200);
    });
    const { client, waits } = impatientClient(url, { now: () => now });
    await client.request("");
    expect(waits).toEqual([expected]);
  });

  test("that is longer than the limit fails at once, and says how long", async () => {
    const { url, requests } = await serve((_request, response) => {
      response.setHeader("retry-after", "3600");
      sendJson(response, {}, 429);
    });
    const failure = impatientClient(url).client.request("");
    await expect(failure).rejects.toMatchObject({ code: "HTTP_RATE_LIMITED", details: { retryAfter: 3_600_000 } });
    await expect(failure).rejects.toThrow("It asks to wait 3600 s.");
    expect(requests).toHaveLength(1);
  });
});

describe("a connection", () => {
  test("that is refused is tried again, then an error", async () => {
    const probe = net.createServer();
    await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
    const { port } = probe.address() as net.AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const { client, waits } = impatientClient(`http://127.0.0.1:${port}`);
    await expect(client.request("")).rejects.toMatchObject({
      code: "HTTP_CONNECTION",
      details: { code: "ECONNREFUSED" },
    });
    expect(waits).toHaveLength(4);
  });

  test("that is closed before the answer is tried again", async () => {
    const { url } = await serve((_request, response, count) => {
      if (count < 3) response.socket?.destroy();
      else sendJson(response, {});
    });
    const { client } = impatientClient(url);
    expect((await client.request("")).status).toBe(200);
  });

  test("that was kept and then closed by the server costs no attempt and no wait", async () => {
    const { url, requests } = await serve((request, response, count) => {
      if (count === 2) response.socket?.destroy();
      else sendJson(response, { path: request.url });
    });
    const { client, waits } = impatientClient(url);
    await client.request("1");
    expect((await client.request("2")).body.toString()).toBe('{"path":"/2"}');
    expect(requests).toHaveLength(3);
    expect(waits).toEqual([]);
  });

  test("is kept from one request to the next", async () => {
    const { url, server } = await serve((_request, response) => sendJson(response, {}));
    let connections = 0;
    server.on("connection", () => connections++);
    const { client } = impatientClient(url);
    for (let i = 0; i < 5; i++) await client.request("");
    expect(connections).toBe(1);
  });
});

describe("a slow server", () => {
  test("that never answers is given up", async () => {
    const { url, requests } = await serve(() => {});
    const { client } = impatientClient(url, { timeouts: quick, retry: { attempts: 2 } });
    await expect(client.request("")).rejects.toMatchObject({ code: "HTTP_TIMEOUT", details: { timeout: "headers" } });
    expect(requests).toHaveLength(2);
  });

  test("that stops in the middle of its answer is given up", async () => {
    const { url } = await serve((_request, response) => response.write("[1,"));
    const { client } = impatientClient(url, { timeouts: quick, retry: { attempts: 1 } });
    await expect(client.request("")).rejects.toMatchObject({ code: "HTTP_TIMEOUT", details: { timeout: "idle" } });
  });

  test("that drips for ever is given up", async () => {
    const { url } = await serve((_request, response) => {
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(drip));
    });
    const { client } = impatientClient(url, { timeouts: { ...quick, total: 200 }, retry: { attempts: 1 } });
    await expect(client.request("")).rejects.toMatchObject({ code: "HTTP_TIMEOUT", details: { timeout: "total" } });
  });

  test("that accepts no connection is given up", async () => {
    // A TLS handshake that never begins counts as connecting.
    const silent = net.createServer();
    const sockets: net.Socket[] = [];
    silent.on("connection", (socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const { port } = silent.address() as net.AddressInfo;
    const { client } = impatientClient(`https://127.0.0.1:${port}`, {
      timeouts: { ...quick, connect: 60 },
      retry: { attempts: 1 },
    });
    await expect(client.request("")).rejects.toMatchObject({ code: "HTTP_TIMEOUT", details: { timeout: "connect" } });
  });

  test("is left at once when the signal is aborted", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const { url } = await serve(() => stop.abort(reason));
    await expect(impatientClient(url).client.request("", { signal: stop.signal })).rejects.toBe(reason);
  });
});

describe("a cut answer", () => {
  test("with too few bytes for its length is tried again", async () => {
    const { url } = await serve((_request, response, count) => {
      if (count > 1) return sendJson(response, [1, 2, 3]);
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
      response.write("[1,");
      setTimeout(() => response.socket?.destroy(), 10);
    });
    const { client, waits } = impatientClient(url);
    expect((await client.request("")).body.toString()).toBe("[1,2,3]");
    expect(waits).toHaveLength(1);
  });

  test("in the middle of a chunk is tried again, then an error", async () => {
    const { url, requests } = await serve((_request, response) => {
      response.write("[1,");
      setTimeout(() => response.socket?.destroy(), 10);
    });
    await expect(impatientClient(url).client.request("")).rejects.toMatchObject({ code: "HTTP_TRUNCATED" });
    expect(requests).toHaveLength(5);
  });

  test("that the end of the connection cuts is found by its last character", async () => {
    const raw = net.createServer((socket) => {
      socket.once("data", () =>
        socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"data":[1,'),
      );
      socket.on("error", () => {});
    });
    await new Promise<void>((resolve) => raw.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void raw.close());
    const { port } = raw.address() as net.AddressInfo;
    const { client, waits } = impatientClient(`http://127.0.0.1:${port}`);
    await expect(client.request("")).rejects.toMatchObject({ code: "HTTP_TRUNCATED" });
    expect(waits).toHaveLength(4);
  });

  test("that was packed is found too", async () => {
    const packed = gzipSync(Buffer.from(JSON.stringify([...Array(1000).keys()])));
    const { url } = await serve((_request, response, count) => {
      response.setHeader("content-encoding", "gzip");
      response.end(count === 1 ? packed.subarray(0, 500) : packed);
    });
    const { client, waits } = impatientClient(url);
    expect((await client.request("")).body.length).toBe(3891);
    expect(waits).toHaveLength(1);
  });
});

describe("a request", () => {
  test("has the parts that were asked for, and replaces params of the same name", async () => {
    const { url, requests } = await serve((_request, response) => sendJson(response, {}));
    const { client } = impatientClient(`${url}/v1/`, { headers: { "X-A": "client", "X-B": "client" } });
    await client.request("/find?page=1&keep=a%20b", {
      method: "POST",
      params: { page: 2, ids: [1, 2], flag: true, none: null, big: 9007199254740993n },
      headers: { "x-a": "own" },
      json: { q: "ä" },
    });
    expect(requests[0]).toMatchObject({
      method: "POST",
      url: "/v1/find?keep=a%20b&page=2&ids=1&ids=2&flag=true&big=9007199254740993",
      body: '{"q":"ä"}',
    });
    expect(requests[0]?.headers).toMatchObject({
      "x-a": "own",
      "x-b": "client",
      "content-type": "application/json",
      "user-agent": "lading",
      accept: "application/json",
    });
  });

  test("with GET can have a body", async () => {
    const { url, requests } = await serve((_request, response) => sendJson(response, {}));
    await impatientClient(url).client.request("", { json: {} });
    expect(requests[0]).toMatchObject({ method: "GET", body: "{}" });
  });

  test("with a line break in a header is refused, and the value not shown", async () => {
    const { client } = impatientClient("http://127.0.0.1:1", { auth: bearer("abc\r\nX-Evil: 1") });
    const failure = client.request("");
    await expect(failure).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(failure).rejects.not.toThrow("Evil");
  });

  test("to a base URL that is none, or holds a password, is refused", () => {
    expect(() => new HttpClient({ baseUrl: "api.example.com" })).toThrow("is not an absolute http or https URL");
    expect(() => new HttpClient({ baseUrl: "https://u:p@api.example.com" })).toThrow("holds a user name or password");
  });
});

describe("auth", () => {
  test.each([
    ["bearer", bearer("t0ken"), { authorization: "Bearer t0ken" }],
    [
      "basic, in UTF-8",
      basic("josé", "pass:wörd"),
      { authorization: `Basic ${Buffer.from("josé:pass:wörd").toString("base64")}` },
    ],
    ["a key in Authorization", apiKey({ apiKey: "k3y!" }), { authorization: "k3y!" }],
    ["a key in a header", apiKey({ apiKey: "k3y!", name: "X-Api-Key" }), { "x-api-key": "k3y!" }],
    ["a key in a cookie", apiKey({ apiKey: "k3y;", name: "sid", location: "cookie" }), { cookie: "sid=k3y%3B" }],
  ])("%s", async (_name, auth, headers) => {
    const { url, requests } = await serve((_request, response) => sendJson(response, {}));
    await impatientClient(url, { auth }).client.request("");
    expect(requests[0]?.headers).toMatchObject(headers);
  });

  test.each(["query", "param"] as const)("a key in the %s is set, not added", async (location) => {
    const { url, requests } = await serve((_request, response) => sendJson(response, {}));
    const { client } = impatientClient(url, { auth: apiKey({ apiKey: "k&y", name: "api_key", location }) });
    await client.request("a?api_key=old&x=1");
    expect(requests[0]?.url).toBe("/a?x=1&api_key=k%26y");
  });

  test("of a request replaces the client's, and null is none", async () => {
    const { url, requests } = await serve((_request, response) => sendJson(response, {}));
    const { client } = impatientClient(url, { auth: bearer("one!") });
    await client.request("", { auth: bearer("two!") });
    await client.request("", { auth: null });
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer two!", undefined]);
  });

  test("looks secrets up when they are needed, and they are in no message", async () => {
    const { url } = await serve((request, response) =>
      sendJson(response, { got: request.headers["authorization"] }, 403),
    );
    const { client } = impatientClient(url, { auth: bearer(secret("token")), secret: ({ key }) => `value-of-${key}` });
    await expect(client.request("")).rejects.toThrow('answered 403: {"got":"Bearer [secret token]"}');
  });

  test("can renew a token after a 401, once", async () => {
    let token = "old!";
    const { url, requests } = await serve((request, response) =>
      sendJson(response, {}, request.headers["authorization"] === "Bearer new!" ? 200 : 401),
    );
    const auth = (
      request: Parameters<ReturnType<typeof bearer>>[0],
      context: Parameters<ReturnType<typeof bearer>>[1],
    ) => {
      if (context.refused) token = "new!";
      return bearer(token)(request, context);
    };
    expect((await impatientClient(url, { auth }).client.request("")).status).toBe(200);
    expect(requests).toHaveLength(2);
  });
});
