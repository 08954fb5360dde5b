import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mask } from "./mask.ts";

test("a secret is replaced by its name, in whatever form it is written", () => {
  const secrets = new Map([["sources.shop.password", 'pa"ss w/rd']]);
  const hidden = "[secret sources.shop.password]";
  expect(mask('password pa"ss w/rd', secrets)).toBe(`password ${hidden}`);
  expect(mask("?p=pa%22ss%20w%2Frd&x=1", secrets)).toBe(`?p=${hidden}&x=1`);
  expect(mask(JSON.stringify({ p: 'pa"ss w/rd' }), secrets)).toBe(`{"p":"${hidden}"}`);
  expect(mask(`Basic ${Buffer.from('pa"ss w/rd').toString("base64")}`, secrets)).toBe(`Basic ${hidden}`);
});

test("a secret that is a part of another one does not tear it", () => {
  expect(
    mask(
      "abcdef",
      new Map([
        ["short", "abcd"],
        ["long", "abcdef"],
      ]),
    ),
  ).toBe("[secret long]");
});

test("a value of up to three characters is left, as it is part of too many words", () => {
  expect(
    mask(
      "a cat",
      new Map([
        ["pet", "cat"],
        ["none", ""],
      ]),
    ),
  ).toBe("a cat");
});

test("no secret is left in a text (law)", () => {
  const value = fc.string({ minLength: 4, maxLength: 12 }).filter((text) => !"[secret s]".includes(text));
  fc.assert(
    fc.property(value, fc.string(), fc.string(), (secret, before, after) => {
      // What stands before and after may itself make the secret with a bracket of the mask; that is no leak.
      fc.pre(!/[[\]]|secret/.test(secret));
      expect(mask(before + secret + after, new Map([["s", secret]]))).not.toContain(secret);
    }),
  );
});

test("a secret is found where one way of writing is in another, and within what was encoded with it", () => {
  const value = 'pa"ss w/rd\\1';
  const secrets = new Map([["s", value]]);
  const json = JSON.stringify(JSON.stringify({ value }));
  expect(mask(json, secrets)).toBe(JSON.stringify(JSON.stringify({ value: "[secret s]" })));
  expect(mask(`?p=${encodeURIComponent(encodeURIComponent(value)).toLowerCase()}`, secrets)).toBe("?p=[secret s]");
  expect(mask(`?${new URLSearchParams({ p: value }).toString()}`, secrets)).toBe("?p=[secret s]");
  for (const user of ["u", "us", "use"]) {
    const basic = Buffer.from(`${user}:${value}`).toString("base64");
    expect(mask(basic, secrets)).toMatch(/^[A-Za-z\d+/]{1,7}\[secret s\][A-Za-z\d+/=]{0,4}$/);
  }
});

test("a long secret of several lines is found in the forms that programs write", () => {
  const key = `-----BEGIN KEY-----\n${"abc+/DEF\n".repeat(60)}`;
  const secrets = new Map([["s", key]]);
  for (const written of [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key)]) {
    expect(mask(`(${written})`, secrets)).toBe("([secret s])");
  }
});

test("a secret is masked in JSON that a URL has, and in HTML that a URL has", () => {
  const secrets = new Map([["key", 'aaaa"bbbb&cc']]);
  const inJson = JSON.stringify({ value: 'aaaa"bbbb&cc' });
  for (const written of [encodeURIComponent(inJson), encodeURI(inJson), encodeURIComponent("aaaa&quot;bbbb&#38;cc")])
    expect(mask(`https://a.test/?x=${written}`, secrets)).not.toMatch(/aaaa|bbbb/);
});
