import { readFileSync } from "node:fs";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { LadingError } from "../../errors/index.ts";
import { codePointLength, stripPython } from "../../util/python.ts";
import { createNaming, maxSchemaNameLength, normalizeSchemaName, schemaNameFrom } from "./index.ts";

type Result = readonly [identifier: string | null, path: string | null];

interface Vectors {
  readonly conventions: readonly string[];
  /** A name, a limit, and the results in the order of the conventions. */
  readonly names: readonly (readonly [name: string, maxLength: number | null, ...results: Result[]])[];
  readonly fragments: readonly (readonly [
    convention: string,
    maxLength: number | null,
    parts: readonly string[],
    path: string,
    short: string,
  ])[];
  readonly schemas: readonly (readonly [pipeline: string, schema: string | null])[];
}

const vectors = JSON.parse(readFileSync(new URL("naming.vectors.json", import.meta.url), "utf8")) as Vectors;

function orNull(name: () => string): string | null {
  try {
    return name();
  } catch (error) {
    if (LadingError.is(error, "NAME_EMPTY")) return null;
    throw error;
  }
}

describe("naming conventions", () => {
  it.each(vectors.conventions.map((name, index) => [name, index] as const))("%s names as dlt does", (name, index) => {
    for (const [text, maxLength, ...results] of vectors.names) {
      const naming = createNaming(name, maxLength ?? undefined);
      const got = [orNull(() => naming.normalizeIdentifier(text)), orNull(() => naming.normalizePath(text))];
      expect([text, maxLength, ...got]).toEqual([text, maxLength, ...(results[index] ?? [])]);
      expect(orNull(() => naming.normalizeTableIdentifier(text))).toBe(got[0]);
      expect(orNull(() => naming.normalizeTablesPath(text))).toBe(got[1]);
    }
  });

  it("joins and shortens fragments as dlt does", () => {
    for (const [name, maxLength, parts, path, short] of vectors.fragments) {
      const naming = createNaming(name, maxLength ?? undefined);
      expect([name, parts, naming.makePath(...parts)]).toEqual([name, parts, path]);
      expect([name, parts, maxLength, naming.shortenFragments(...parts)]).toEqual([name, parts, maxLength, short]);
    }
  });

  it.each([
    ["very_long_identifier_that_exceeds_the_limit", 6, "xa8r4a"],
    ["a".repeat(100), 6, "0vum9g"],
    ["VeryLongIdentifierThatExceedsTheLimitOfTheDatabaseEngineByALotOfCharacters", 15, "very_qoma2aters"],
    ["VeryLongIdentifierThatExceedsTheLimitOfTheDatabaseEngineByALotOfCharacters", 20, "very_loqoma2aracters"],
  ])("puts a tag into the middle of %s when it is cut to %i", (text, maxLength, expected) => {
    expect(createNaming("snake_case", maxLength).normalizeIdentifier(text)).toBe(expected);
  });

  it.each(["", " ", "\u001f\u0085\u3000"])("refuses the blank name %j", (text) => {
    expect(() => createNaming("snake_case").normalizeIdentifier(text)).toThrow(
      expect.objectContaining({ code: "NAME_EMPTY" }),
    );
  });

  it("lists the conventions that exist when it does not know one", () => {
    for (const name of ["snakecase", "toString"]) {
      expect(() => createNaming(name)).toThrow(
        expect.objectContaining({ code: "INVALID_ARGUMENT", hint: expect.stringContaining("sql_ci_v1") as string }),
      );
    }
  });

  it.each([0, 5, 7.5, Number.NaN])("refuses a limit of %d, which has no room for a tag", (maxLength) => {
    expect(() => createNaming("direct", maxLength)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });

  it("breaks a path at its separator and leaves blank parts out", () => {
    expect(createNaming("snake_case").breakPath("a__ __b___c")).toEqual(["a", "b", "_c"]);
    expect(createNaming("direct").breakPath("a__b▶c")).toEqual(["a__b", "c"]);
    expect(createNaming("snake_case").shortenFragments()).toBe("");
  });

  it("handles a name of a hundred thousand underscores in no time", () => {
    const name = `a${"_".repeat(100_000)}b`;
    for (const convention of vectors.conventions) {
      const started = performance.now();
      createNaming(convention, 63).normalizeIdentifier(name);
      expect(performance.now() - started).toBeLessThan(1000);
    }
  });

  const anyName = fc.oneof(fc.string({ unit: "binary", minLength: 1 }), fc.stringMatching(/^[a-zA-Z0-9_ .@+-]{1,90}$/));

  it("keeps to the limit, in code points", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...vectors.conventions),
        fc.integer({ min: 6, max: 80 }),
        anyName,
        (name, max, text) => {
          const naming = createNaming(name, max);
          for (const short of [
            orNull(() => naming.normalizeIdentifier(text)),
            orNull(() => naming.normalizePath(text)),
          ]) {
            expect(codePointLength(short ?? "")).toBeLessThanOrEqual(max);
          }
        },
      ),
    );
  });

  it("leaves a name alone that is normalized already, in every convention", () => {
    fc.assert(
      fc.property(fc.constantFrom(...vectors.conventions), anyName, (convention, text) => {
        const naming = createNaming(convention);
        const once = orNull(() => naming.normalizeIdentifier(text));
        if (once === null || once.trim() === "") return;
        // direct and duck_case may leave a blank at an end, which a second pass takes away
        fc.pre(stripPython(once) === once);
        expect(naming.normalizeIdentifier(once)).toBe(once);
      }),
    );
  });
});

describe("names of schemas", () => {
  it("come from the pipeline's, as in dlt", () => {
    for (const [pipeline, schema] of vectors.schemas) {
      expect([pipeline, orNull(() => schemaNameFrom(pipeline))]).toEqual([pipeline, schema]);
    }
  });

  it("are in snake case and have at most 64 characters", () => {
    expect(normalizeSchemaName("Chess-Pipe")).toBe("chess_pipe");
    expect(normalizeSchemaName("x".repeat(80))).toHaveLength(maxSchemaNameLength);
  });
});
