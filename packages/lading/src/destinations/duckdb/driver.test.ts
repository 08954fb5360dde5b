import { describe, expect, test, vi } from "vitest";
import { createConfig } from "../../config/create-config.ts";
import { duckdb } from "./index.ts";

// Nothing else can take an installed package away from one test: `require` answers as Node does where it is missing.
vi.mock("node:module", () => ({
  createRequire: () => (name: string) => {
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: "MODULE_NOT_FOUND" });
  },
}));

describe("a driver that is not installed", () => {
  test("is DESTINATION_MISSING_DRIVER, with what to install", async () => {
    const where = {
      pipeline: "p",
      dataset: "d",
      config: createConfig({ providers: [] }),
      folder: "/nowhere",
      workingFolder: "/nowhere",
      signal: new AbortController().signal,
    };
    await expect(duckdb("x.duckdb").connect(where)).rejects.toMatchObject({
      code: "DESTINATION_MISSING_DRIVER",
      hint: "npm install @duckdb/node-api",
      cause: { code: "MODULE_NOT_FOUND" },
    });
  });
});
