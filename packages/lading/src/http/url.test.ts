import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSecretName } from "../config/secret-name.ts";
import { redactUrl } from "./redact.ts";
import { hasParam, joinUrl, paramsOf, removeParams, setParam } from "./url.ts";

describe("joinUrl", () => {
  test.each([
    ["http://example.com", "path/to", "http://example.com/path/to"],
    ["http://example.com///", "//path/to", "http://example.com/path/to"],
    ["http://example.com/v1/", "/path?x=a b#f", "http://example.com/v1/path?x=a%20b#f"],
    ["http://example.com/v1", "", "http://example.com/v1"],
    ["http://example.com/v1", "///", "http://example.com/v1/"],
    ["", "https://other.example/x", "https://other.example/x"],
    ["http://example.com/v1", "HTTPS://other.example/x", "https://other.example/x"],
    ["http://example.com", "my://x", "http://example.com/my://x"],
  ])("%s and %s", (base, path, expected) => {
    expect(joinUrl(base, path)).toBe(expected);
  });

  test("refuses what makes no http address", () => {
    expect(() => joinUrl("", "path")).toThrow("is not an absolute http or https URL");
    expect(() => joinUrl("ftp://example.com", "path")).toThrow("is not an absolute http or https URL");
  });
});

describe("a query", () => {
  test("keeps what is not touched byte for byte", () => {
    expect(setParam("http://a/?x=%7e&y=a+b&&z#end", "y", ["1", "2"])).toBe("http://a/?x=%7e&z&y=1&y=2#end");
    expect(setParam("http://a/p", "search[from]", "a b&c")).toBe("http://a/p?search%5Bfrom%5D=a%20b%26c");
    expect(removeParams("http://a/?key=1&x=%&key=2#f", (name) => name === "key")).toBe("http://a/?x=%#f");
    expect(removeParams("http://a/?key=1", () => true)).toBe("http://a/");
  });

  test("gives back what was set, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" }), (name, value) => {
        const url = setParam(setParam("http://a/?first=1#f", name, "old"), name, value);
        expect(paramsOf(url).filter(([other]) => other === name)).toEqual([[name, value]]);
        expect(hasParam(url, name)).toBe(true);
        expect(url.endsWith("#f")).toBe(true);
      }),
    );
  });
});

describe("what is shown of a URL", () => {
  test.each([
    ["https://u:p@a.example/x", "https://a.example/x"],
    ["https://a/?api_key=secret&page=2", "https://a/?api_key=***&page=2"],
    ["https://a/?API-Key=&Access_Token=x#t", "https://a/?API-Key=***&Access_Token=***#t"],
    ["https://a/?api%5Fkey=s3", "https://a/?api%5Fkey=***"],
    ["https://a/?monkey=1&tokens=2", "https://a/?monkey=1&tokens=2"],
  ])("%s is %s", (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });

  test("names of secrets are known in any spelling", () => {
    for (const name of ["X-Api-Key", "apiKey", "access_token", "Authorization", "Cookie", "client-secret", "hapikey"]) {
      expect(isSecretName(name)).toBe(true);
    }
    for (const name of ["page", "cursor", "page_token", "sort_key", "author"]) expect(isSecretName(name)).toBe(false);
  });
});
