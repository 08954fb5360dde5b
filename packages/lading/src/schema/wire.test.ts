import { describe, expect, test } from "vitest";
import { ExactFloat } from "../util/exact.ts";
import { newSchema } from "./new-schema.ts";
import { schemaHash } from "./version.ts";
import { schemaFromText, schemaToText, tableFromText, tableToText } from "./wire.ts";

describe("the stored form of a schema", () => {
  test("is read back as it was written", () => {
    const schema = newSchema("shop");
    schema.version = 3;
    schema.versionHash = schemaHash(schema);
    schema.previousHashes = ["before", "long before"];
    schema.description = "A shop";
    const text = schemaToText(schema);
    expect(schemaToText(schemaFromText(text))).toBe(text);
    expect(schemaFromText(text)).toEqual(schema);
  });

  test("keeps hints that Lading has no use for, in their order and to the digit", () => {
    const text =
      '{"name":"t","x-hint":{"b":1.0,"a":[9007199254740993,null]},"columns":{"id":{"name":"id","x-own":1.50}}}';
    expect(tableToText(tableFromText(text))).toBe(text.replace("1.50", "1.5"));
    expect(tableFromText(text)["x-hint"]).toEqual({ b: new ExactFloat(1, "1.0"), a: [9_007_199_254_740_993n, null] });
  });

  test.each([
    ["of another engine", 10],
    ["of an engine to come", 12],
  ])("%s is SCHEMA_ENGINE", (_, engine) => {
    const text = schemaToText(newSchema("shop")).replace('"engine_version":11', `"engine_version":${engine}`);
    expect(() => schemaFromText(text)).toThrow(
      expect.objectContaining({
        code: "SCHEMA_ENGINE",
        message: `The stored schema "shop" has engine version ${engine}; Lading reads 11.`,
        details: { schema: "shop", engine },
      }),
    );
  });

  test.each([
    ["that is cut off", '{"name": "shop", "tab'],
    ["that is no object", "[1]"],
    ["that is empty", ""],
  ])("%s is JSON_INVALID", (_, text) => {
    expect(() => schemaFromText(text)).toThrow(expect.objectContaining({ code: "JSON_INVALID" }));
  });
});
