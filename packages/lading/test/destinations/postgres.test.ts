import { destinationSuite } from "lading/testing";
import { afterAll, expect, test } from "vitest";
import { postgresDatabase, type PostgresDatabase } from "../postgres/server.ts";
import { postgresSubject } from "./postgres.ts";

let server: PostgresDatabase | undefined;
const subject = postgresSubject("postgres 18", async () => {
  server = await postgresDatabase();
  return server.url;
});
afterAll(async () => {
  await subject.close();
  await server?.stop();
});

const suite = destinationSuite(subject, { walk: "some" });

test.for(suite)("$name", { timeout: 240_000 }, async ({ skip, run }, { skip: skipped }) => {
  skipped(skip !== undefined, skip);
  await expect(run()).resolves.toBeUndefined();
});
