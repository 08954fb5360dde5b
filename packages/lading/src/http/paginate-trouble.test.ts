import { describe, expect, onTestFinished, test } from "vitest";
import { secret } from "../config/secret.ts";
import { apiKey, bearer, offset } from "./index.ts";
import { all, sendJson, testServers } from "./testing-server.ts";

const { impatientClient, serve } = testServers(onTestFinished);

describe("credentials", () => {
  test("do not follow a link to another origin", async () => {
    const foreign = await serve((_request, response) => sendJson(response, []));
    const { url } = await serve((_request, response) =>
      sendJson(response, { data: [{ id: 1 }], next: `${foreign.url}/steal` }),
    );
    const { client } = impatientClient(url, { auth: bearer("t0ken") });
    const pages = client.paginate("x")[Symbol.asyncIterator]();
    expect((await pages.next()).value).toMatchObject({ rows: [{ id: 1 }] });
    await expect(pages.next()).rejects.toMatchObject({ code: "HTTP_FOREIGN_ORIGIN", details: { origin: foreign.url } });
    expect(foreign.requests).toHaveLength(0);
  });

  test("follow one to an origin that is listed", async () => {
    const other = await serve((_request, response) => sendJson(response, { data: [{ id: 2 }] }));
    const { url } = await serve((_request, response) =>
      sendJson(response, { data: [{ id: 1 }], next: `${other.url}/2` }),
    );
    const { client } = impatientClient(url, { auth: bearer("t0ken"), allowedOrigins: [other.url] });
    expect((await all(client.paginate("x"))).flatMap(({ rows }) => rows)).toEqual([{ id: 1 }, { id: 2 }]);
    expect(other.requests[0]?.headers["authorization"]).toBe("Bearer t0ken");
  });

  test("are sent with every page, and are in no position, though the server repeats them in its links", async () => {
    const { url, requests } = await serve((request, response) => {
      const at = new URL(request.url, "http://x");
      const page = Number(at.searchParams.get("page") ?? 1);
      at.searchParams.set("page", String(page + 1));
      sendJson(response, {
        data: [page],
        next: page < 3 ? `http://me:pw@${request.headers.host}/x${at.search}` : null,
      });
    });
    const { client } = impatientClient(url, {
      auth: apiKey({ apiKey: "k3y!", name: "api_key", location: "query" }),
      headers: { "X-Tenant": secret("tenant") },
      secret: () => "s3cret",
    });
    const pages = await all(
      client.paginate("x", { params: { sort: "id", token: "t0ken" }, headers: { "x-own": "own" } }),
    );
    expect(pages.flatMap(({ rows }) => rows)).toEqual([1, 2, 3]);
    for (const request of requests) {
      expect(request.headers).toMatchObject({ "x-tenant": "s3cret", "x-own": "own" });
      expect(request.headers["authorization"]).toBeUndefined();
      expect(new URL(request.url, url).searchParams.getAll("api_key")).toEqual(["k3y!"]);
      expect(new URL(request.url, url).searchParams.getAll("token")).toEqual(["t0ken"]);
    }
    const positions = JSON.stringify(pages.map(({ position }) => position));
    for (const hidden of ["k3y!", "t0ken", "s3cret", "me:pw"]) expect(positions).not.toContain(hidden);
    expect(positions).toContain("sort=id");
  });

  test("of a resumed chain do not go to an origin that the position brings along", async () => {
    const { url } = await serve((_request, response) => sendJson(response, []));
    const position = { request: { method: "GET", url: "http://evil.example/x", headers: {} } };
    const reading = all(impatientClient(url, { auth: bearer("t0ken") }).client.paginate("x", { position }));
    await expect(reading).rejects.toMatchObject({ code: "HTTP_FOREIGN_ORIGIN" });
  });
});

describe("an answer that is not what it should be", () => {
  test.each([
    [
      "HTML",
      "text/html",
      "<!DOCTYPE html><title>Sign in</title>",
      /is HTML \(Content-Type: text\/html\)\. It begins: <!DOCTYPE html>/,
    ],
    ["HTML that calls itself JSON", "application/json", "<html><body>x", /is HTML \(Content-Type: application\/json\)/],
    ["nothing", "application/json", "", /\(200\) is empty/],
    ["text", "text/plain", "ok, thanks", /is no JSON \(Content-Type: text\/plain\)\. .*It begins: ok, thanks/],
    ["broken JSON", "application/json", '{"a":1,}', /is no JSON .* line 1, column 8\. It begins/],
  ])("%s is told from JSON", async (_name, type, body, message) => {
    const { url } = await serve((_request, response) => response.setHeader("content-type", type).end(body));
    const reading = all(impatientClient(url).client.paginate("x"));
    await expect(reading).rejects.toMatchObject({ code: "HTTP_NOT_JSON" });
    await expect(reading).rejects.toThrow(message);
  });

  test("quotes no more than 200 characters", async () => {
    const { url } = await serve((_request, response) => response.end("x".repeat(5000)));
    const reading = all(impatientClient(url).client.paginate("x"));
    await expect(reading).rejects.toThrow(new RegExp(`It begins: x{200}…$`));
  });

  test("bytes that are no UTF-8 are an error, not question marks", async () => {
    const { url } = await serve((_request, response) => response.end(Buffer.from('["caf\xe9"]', "latin1")));
    await expect(all(impatientClient(url).client.paginate("x"))).rejects.toThrow("is not valid UTF-8");
  });

  test("another charset is read when it is named, and a byte order mark is left out", async () => {
    const { url } = await serve((request, response) => {
      if (request.url === "/bom") return response.end('\ufeff["ä"]');
      return response
        .setHeader("content-type", "application/json; charset=ISO-8859-1")
        .end(Buffer.from('["caf\xe9"]', "latin1"));
    });
    const { client } = impatientClient(url);
    expect((await all(client.paginate("latin")))[0]?.rows).toEqual(["café"]);
    expect((await all(client.paginate("bom")))[0]?.rows).toEqual(["ä"]);
  });

  test("a wrong selector lists what is there", async () => {
    const { url } = await serve((_request, response) => sendJson(response, { items: [1], total: 1 }));
    const { client } = impatientClient(url);
    await expect(all(client.paginate("x", { dataSelector: "itemz" }))).rejects.toMatchObject({
      code: "SELECTOR_NO_MATCH",
      message: `The data selector "itemz" finds nothing in the answer of ${url}/x: .itemz is not there; the body has only: items, total.`,
    });
    expect((await all(client.paginate("x", { dataSelector: "itemz", allowMissing: true })))[0]?.rows).toEqual([]);
  });

  test("an error in an answer of 200 on a later page is no empty page", async () => {
    const { url } = await serve((request, response) => {
      const page = Number(/\d+$/.exec(request.url)?.[0] ?? 1);
      sendJson(response, page === 3 ? { error: "try later" } : { data: [page], next: `/posts/${page + 1}` });
    });
    const reading = all(impatientClient(url).client.paginate("posts", { dataSelector: "data" }));
    await expect(reading).rejects.toMatchObject({ code: "SELECTOR_NO_MATCH" });
  });

  test("204 is an empty last page", async () => {
    const { url } = await serve((_request, response) => response.writeHead(204).end());
    const pages = await all(
      impatientClient(url).client.paginate("x", { dataSelector: "data", paginator: offset({ limit: 5 }) }),
    );
    expect(pages).toMatchObject([{ rows: [], position: null, bytes: 0 }]);
    expect(pages[0]?.exact?.()).toEqual([]);
  });
});
