import { destinationSuite } from "lading/testing";
import { afterAll, expect, test } from "vitest";
import { postgresServer, type PostgresServer } from "../postgres/server.ts";
import { postgresSubject } from "./postgres.ts";

let server: PostgresServer | undefined;
const subject = postgresSubject("postgres 18", async () => {
  server = await postgresServer();
  return server.url;
});
afterAll(() => server?.stop());

const suite = destinationSuite(subject, { walk: "some" });

test.for(suite)("$name", { timeout: 240_000 }, async ({ skip, run }, { skip: skipped }) => {
  skipped(skip !== undefined, skip);
  await expect(run()).resolves.toBeUndefined();
});
