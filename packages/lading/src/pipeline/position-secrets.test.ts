import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createConfig } from "../config/create-config.ts";
import { documentProvider } from "../config/document-provider.ts";
import type { Json } from "../util/json-value.ts";
import { positionSecrets } from "./position-secrets.ts";

const value = 'p@ss "word"/1';
const document = { sources: { shop: { api_key: value } } };

function settings(): Parameters<typeof positionSecrets>[0] {
  return createConfig({
    providers: [documentProvider({ name: "given", document, holdsSecrets: true })],
    pipelineName: "p",
  });
}

test("a secret is not in a position, in whatever form, and is put back by another process", () => {
  const config = settings();
  config.within("sources", "shop").secret("api_key");
  const position: Json = {
    url: `https://a.test/?key=${encodeURIComponent(value)}&page=2`,
    next: `https://a.test/?filter=${encodeURIComponent(JSON.stringify({ value }))}`,
    json: { key: value, nested: [JSON.stringify({ value }), Buffer.from(value).toString("base64")] },
    page: 2,
  };
  const hidden = positionSecrets(config).hide(position);
  const text = JSON.stringify(hidden);
  for (const part of ["p@ss", "p%40ss", "word", Buffer.from(value).toString("base64")])
    expect(text).not.toContain(part);
  expect(hidden).toMatchObject({ url: "https://a.test/?key=[[secret sources.shop.api_key url]]&page=2" });
  expect(positionSecrets(settings()).show(hidden)).toEqual(position);
});

test("a secret that is gone is asked for by its name", () => {
  const none = createConfig({ providers: [], pipelineName: "p" });
  expect(() => positionSecrets(none).show("[[secret sources.shop.api_key raw]]")).toThrow(/api_key/);
});

test("any position comes back as it was", () => {
  const config = settings();
  config.within("sources", "shop").secret("api_key");
  const { hide, show } = positionSecrets(config);
  fc.assert(
    fc.property(fc.jsonValue(), (position) => {
      expect(show(hide(position as Json))).toEqual(position);
    }),
  );
});
