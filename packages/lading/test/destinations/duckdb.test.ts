import { destinationSuite } from "lading/testing";
import { test } from "vitest";
import { duckdbSubject } from "./duckdb.ts";

for (const { name, skip, run } of destinationSuite(duckdbSubject, { walk: "some" })) {
  test.skipIf(skip !== undefined)(name, run, 240_000);
}
