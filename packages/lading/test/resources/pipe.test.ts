import { expect, onTestFinished, test } from "vitest";
import { resource, source, transformer, type Source } from "../../src/index.ts";
import { sendJson, testServers } from "../../src/http/testing-server.ts";
import { restApi } from "../../src/sources/rest-api/index.ts";
import { contentDifference } from "../../src/testing/index.ts";
import { place } from "../bad-input/place.ts";
import { arena } from "../crash/arena.ts";

const { serve } = testServers(onTestFinished);

const lines = transformer(
  { name: "lines", concurrency: 2, ordered: false, writeDisposition: "append" },
  async function* (order: { readonly id: number }) {
    await Promise.resolve();
    yield { order: order.id, n: 1 };
    yield { order: order.id, n: 2 };
  },
);

test("an endpoint of an API is piped like any other resource, and is read once", async () => {
  let requests = 0;
  const { url } = await serve((_request, response) => {
    requests++;
    sendJson(response, '[{"id":1},{"id":2}]');
  });
  const shop = restApi({ name: "shop", client: { baseUrl: url }, resources: ["orders"] });
  const [orders] = shop.resources;
  await using p = await place();
  await p.run(source("shop", [orders, orders.pipe(lines as never)]));
  expect(await p.sql('SELECT "order", n FROM d.lines ORDER BY ALL')).toEqual([
    ["1", "1"],
    ["1", "2"],
    ["2", "1"],
    ["2", "2"],
  ]);
  expect(requests).toBe(1);
});

test("wherever a run is stopped, a transformer without order has each of its rows once", async () => {
  const shop = (): Source => {
    const orders = resource({ name: "orders", writeDisposition: "append" }, async function* () {
      for (let step = 0; step < 4; step++) {
        await Promise.resolve();
        yield [{ id: step * 2 }, { id: step * 2 + 1 }];
      }
    });
    const doubled = orders.yieldMap(({ id }) => [{ id }, { id: id + 100 }]).addLimit({ maxItems: 12, countRows: true });
    return source("shop", [doubled, doubled.pipe(lines)]);
  };
  await using undisturbed = await arena();
  const { points } = await undisturbed.run(shop());
  const whole = await undisturbed.content();
  expect(whole.tables["orders"]).toHaveLength(12);
  const steps = points.names.length;
  for (let at = 4; at <= steps; at += Math.ceil(steps / 8)) {
    await using stopped = await arena();
    await stopped.run(shop(), { fault: { at, kind: "stop" } });
    await stopped.finish(shop, 1);
    expect(contentDifference(whole, await stopped.content())).toEqual({ lost: [], doubled: [], other: [] });
  }
}, 120_000);
