import { expect, test } from "vitest";
import { source } from "../../src/resource/index.ts";
import { place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";

// What dlt calls the schema decides whether what a pipeline remembers is found again.
test("a source's schema has its name, whatever that ends in", async () => {
  await using p = await place();
  await p.run(source("shop_pipeline", [rowsOf([{ id: 1 }])]));
  expect(await p.sql("SELECT schema_name FROM d._dlt_loads")).toEqual([["shop_pipeline"]]);
});

test.each([
  ["shop_pipeline", "shop"],
  ["a_pipeline_pipeline", "a_pipeline"],
  ["My-Shop_pipeline", "my_shop"],
])("resources without a source, in the pipeline %s, have the schema %s", async (name, schema) => {
  await using p = (await place()).with({ name });
  await p.run(rowsOf([{ id: 1 }]));
  expect(await p.sql("SELECT schema_name FROM d._dlt_loads")).toEqual([[schema]]);
});
