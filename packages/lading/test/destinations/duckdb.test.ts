import { destinationSuite } from "lading/testing";
import { expect, test } from "vitest";
import { duckdbSubject } from "./duckdb.ts";

const suite = destinationSuite(duckdbSubject, { walk: "some" });

test.for(suite)("$name", { timeout: 240_000 }, async ({ skip, run }, { skip: skipped }) => {
  skipped(skip !== undefined, skip);
  await expect(run()).resolves.toBeUndefined();
});
