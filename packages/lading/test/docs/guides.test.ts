import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgresDatabase, type PostgresDatabase } from "../postgres/server.ts";
import { guidePrograms, useProgramFolder } from "./programs.ts";

let server: PostgresDatabase;
beforeAll(async () => {
  server = await postgresDatabase();
}, 60_000);
afterAll(() => server.stop());

describe("the programs of the guides print what the pages say", () => {
  const run = useProgramFolder(() => ({ DESTINATION__POSTGRES__CREDENTIALS: server.url }));

  test.each(guidePrograms().map(({ name, code, prints }) => [name, code, prints] as const))(
    "%s",
    async (_, code, prints) => {
      expect(await run(code)).toBe(prints);
    },
    30_000,
  );
});
