import { describe, expect, test } from "vitest";
import { LadingError } from "../errors/index.ts";
import { exitCodeOf } from "./exit-codes.ts";
import { errorLines, reportError } from "./report-error.ts";
import { stopReason } from "./stop-signal.ts";
import { styleFor } from "./style.ts";
import { testingHost } from "./testing-host.ts";

const style = styleFor(testingHost().stderr, {});
const lines = (error: unknown, debug = false): readonly string[] =>
  errorLines(error, {
    style,
    debug,
    mask: (text) => text.replaceAll("hunter22", "[secret]"),
    standing: "All is well.",
  });

describe("an error", () => {
  test("says what happened, what to do, why, and in what state things are", () => {
    const socket = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    const cause = new Error("no answer\nfrom http://x", { cause: new AggregateError([socket, new Error("again")]) });
    expect(lines(new LadingError("RESOURCE_FAILED", "orders failed\non page 3", { cause }))).toEqual([
      "✗ RESOURCE_FAILED orders failed",
      "  on page 3",
      "  The cause is attached. What was read before is kept; the next run goes on from there.",
      "  because: no answer",
      "  because: AggregateError: (without a message)",
      "  because: connect (ECONNREFUSED)",
      "  because: again",
      "  All is well.",
      "  lading explain RESOURCE_FAILED",
    ]);
  });

  test("that nobody foresaw says so, without a stack trace", () => {
    const text = lines(new TypeError("x is not a function")).join("\n");
    expect(text).toContain("✗ UNEXPECTED TypeError: x is not a function");
    expect(text).not.toContain("    at ");
    expect(lines(new TypeError("x"), true).join("\n")).toContain("    at ");
    expect(lines("a text")[0]).toBe("✗ UNEXPECTED a text");
  });

  test("shows no secret and moves no cursor", () => {
    const cause = new Error("hunter22 \u{1b}[2J");
    const text = lines(new LadingError("CONFIG_INVALID", "hunter22", { cause, hint: "hunter22" }), true).join("\n");
    expect(text).not.toContain("hunter22");
    expect(text).not.toContain("\u{1b}");
  });

  test("whose causes go in a circle comes to an end", () => {
    const error = new Error("a");
    error.cause = new Error("b", { cause: error });
    expect(lines(error).filter((line) => line.includes("because"))).toEqual(["  because: b"]);
  });

  test("is red where colours are wanted", () => {
    for (const [env, terminal, coloured] of [
      [{}, true, true],
      [{}, false, false],
      [{ NO_COLOR: "1" }, true, false],
      [{ FORCE_COLOR: "1" }, false, true],
      [{ TERM: "dumb" }, true, false],
    ] as const) {
      const host = testingHost({ env, terminal });
      reportError(new LadingError("USAGE", "no"), host);
      expect(host.err().includes("\u{1b}[31m")).toBe(coloured);
    }
  });
});

describe("the exit code", () => {
  const calm = new AbortController().signal;

  test.each([
    [1, new Error("x")],
    [1, new LadingError("DESTINATION_CORRUPT", "x")],
    [2, new LadingError("FILE_NOT_FOUND", "x")],
    [3, new LadingError("DESTINATION_LOCKED", "x")],
    [3, new LadingError("RESOURCE_FAILED", "x", { cause: new LadingError("DISK_FULL", "x") })],
    [1, new LadingError("RESOURCE_FAILED", "x", { cause: new Error("x") })],
    [4, new LadingError("PIPELINE_LOCKED", "x")],
  ])("is %i: %s", (code, error) => expect(exitCodeOf(error, calm)).toBe(code));

  test.each([
    [130, "SIGINT"],
    [143, "SIGTERM"],
  ] as const)("is %i after %s, whatever came of it", (code, name) => {
    expect(exitCodeOf(new Error("x"), AbortSignal.abort(stopReason(name)))).toBe(code);
  });
});
