import { describe, expect, onTestFinished, test } from "vitest";
import { apiKey, bearer } from "./index.ts";
import { redirectTarget } from "./redirect.ts";
import { sendJson, testServers } from "./testing-server.ts";

const { impatientClient, serve } = testServers(onTestFinished);

function answer(url: string, location: string, status = 302): Parameters<typeof redirectTarget>[1] {
  return { status, url, headers: { location }, body: Buffer.alloc(0) };
}

describe("a redirect", () => {
  test("within the origin is followed with the credentials, those in the query included", async () => {
    const { url, requests } = await serve((request, response) => {
      if (request.url?.startsWith("/new")) return sendJson(response, { ok: 1 });
      response.writeHead(308, { location: "new?x=1" }).end();
    });
    const { client } = impatientClient(url, { auth: apiKey({ apiKey: "k3y!", name: "key", location: "query" }) });
    expect((await client.request("old")).url).toBe(`${url}/new?x=1&key=k3y!`);
    expect(requests.map((request) => request.url)).toEqual(["/old?key=k3y!", "/new?x=1&key=k3y!"]);
  });

  test("to another origin is followed as anybody would ask", async () => {
    const foreign = await serve((_request, response) => sendJson(response, [1]));
    const { url } = await serve((_request, response) =>
      response.writeHead(302, { location: `${foreign.url}/x` }).end(),
    );
    const { client } = impatientClient(url, { auth: bearer("t0ken"), headers: { "X-Tenant": "acme" } });
    expect((await client.request("")).body.toString()).toBe("[1]");
    const { headers } = foreign.requests[0]!;
    expect(headers["authorization"]).toBeUndefined();
    expect(headers["x-tenant"]).toBeUndefined();
  });

  test("to a listed origin keeps the credentials", async () => {
    const other = await serve((_request, response) => sendJson(response, [1]));
    const { url } = await serve((_request, response) => response.writeHead(302, { location: other.url }).end());
    await impatientClient(url, { auth: bearer("t0ken"), allowedOrigins: [other.url] }).client.request("");
    expect(other.requests[0]?.headers["authorization"]).toBe("Bearer t0ken");
  });

  test("away and back does not bring the credentials back", async () => {
    let home = "";
    const foreign = await serve((_request, response) => response.writeHead(302, { location: `${home}/back` }).end());
    const { url, requests } = await serve((request, response) => {
      if (request.url === "/back") return sendJson(response, {});
      response.writeHead(302, { location: foreign.url }).end();
    });
    home = url;
    await impatientClient(url, { auth: bearer("t0ken") }).client.request("start");
    expect(requests.map(({ headers }) => headers["authorization"])).toEqual(["Bearer t0ken", undefined]);
  });

  test("in a circle ends after ten", async () => {
    const { url, requests } = await serve((_request, response) =>
      response.writeHead(302, { location: "/again" }).end(),
    );
    await expect(impatientClient(url).client.request("")).rejects.toMatchObject({ code: "HTTP_TOO_MANY_REDIRECTS" });
    expect(requests).toHaveLength(11);
  });

  test.each([301, 302, 303, 307, 308])("of a POST is not followed (%i)", async (status) => {
    const { url, requests } = await serve((_request, response) => response.writeHead(status, { location: "/x" }).end());
    const failure = impatientClient(url).client.request("", { method: "POST", json: {} });
    await expect(failure).rejects.toMatchObject({ code: "HTTP_REDIRECT_REFUSED" });
    expect(requests).toHaveLength(1);
  });

  test("without a place to go, or to one that is no http, is refused", () => {
    expect(() => redirectTarget("GET", answer("http://a/", ""))).toThrow("without saying where");
    expect(() => redirectTarget("GET", answer("http://a/", "file:///etc/passwd"))).toThrow("no http address");
  });

  test("from https to http is refused; the other way it is the same place", () => {
    expect(() => redirectTarget("GET", answer("https://a/", "http://a/"))).toThrow("from https to plain http");
    expect(redirectTarget("GET", answer("http://a/x", "https://a/x"))).toEqual({
      url: "https://a/x",
      keepCredentials: true,
    });
    expect(redirectTarget("GET", answer("http://a:81/x", "https://a/x"))?.keepCredentials).toBe(false);
    expect(redirectTarget("GET", answer("https://a/", "https://b.a/"))?.keepCredentials).toBe(false);
  });

  test("takes no user name from the server", () => {
    expect(redirectTarget("GET", answer("https://a/", "https://me:pw@a/x"))?.url).toBe("https://a/x");
  });
});
