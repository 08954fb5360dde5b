import { destinationSuite } from "lading/testing";
import { afterAll, test } from "vitest";
import { postgresServer, type PostgresServer } from "../postgres/server.ts";
import { postgresSubject } from "./postgres.ts";

let server: PostgresServer | undefined;
const subject = postgresSubject("postgres 18", async () => {
  server = await postgresServer();
  return server.url;
});
afterAll(() => server?.stop());

for (const { name, skip, run } of destinationSuite(subject, { walk: "some" })) {
  test.skipIf(skip !== undefined)(name, run, 240_000);
}
