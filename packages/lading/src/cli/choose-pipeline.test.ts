import { describe, expect, test } from "vitest";
import { choosePipeline } from "./choose-pipeline.ts";

interface Named {
  readonly name: string;
}
const isPipeline = (value: unknown): value is Named => typeof value === "object" && value !== null && "name" in value;
const choose = (exports: Record<string, unknown>, wanted?: string): string =>
  choosePipeline({ exports, isPipeline, file: "p.ts", ...(wanted === undefined ? {} : { wanted }) }).name;

describe("the pipeline of a module", () => {
  test("is the default export", () => expect(choose({ default: { name: "a" }, other: { name: "b" } })).toBe("a"));
  test("is the only export that is one", () => expect(choose({ helper: () => 1, p: { name: "a" } })).toBe("a"));
  test("is the one that is asked for", () =>
    expect(choose({ default: { name: "a" }, other: { name: "b" } }, "b")).toBe("b"));
  test("may be exported twice", () => {
    const same = { name: "a" };
    expect(choose({ one: same, two: same })).toBe("a");
  });

  test.each([
    [{}, undefined, "p.ts exports nothing."],
    [{ helper: 1 }, undefined, "p.ts exports no pipeline (but helper)."],
    [{ a: { name: "a" }, b: { name: "b" } }, undefined, "p.ts exports several pipelines."],
    [{ a: { name: "orders" } }, "order", 'p.ts exports no pipeline named "order". Did you mean "orders"?'],
    [{ a: { name: "a" }, b: { name: "a" } }, "a", 'p.ts exports several pipelines named "a".'],
  ])("must be clear: %j %s", (exports, wanted, message) => expect(() => choose(exports, wanted)).toThrow(message));

  test("is chosen with the option that the error names", () => {
    expect(() => choose({ a: { name: "a" }, b: { name: "b" } })).toThrow(
      expect.objectContaining({ code: "NO_PIPELINE", hint: "Choose one: --pipeline a, or --pipeline b." }),
    );
  });
});
