import { expect, test } from "vitest";
import { LadingError } from "../../errors/index.ts";
import { duckdbError } from "./errors.ts";

test.each([
  ["IO Error: Could not set lock on file", "DESTINATION_LOCKED"],
  [
    "IO Error: Trying to read a database file with version number 90, but we can only read versions between 64 and 68.",
    "DESTINATION_NEWER",
  ],
  ["IO Error: Could not read enough bytes from file", "DESTINATION_CORRUPT"],
  ["TransactionContext Error: Failed to commit: Could not write file: No space left on device", "DISK_FULL"],
  ["IO Error: Cannot open file: Operation not permitted", "DESTINATION_READ_ONLY"],
  ["IO Error: Cannot open file: No such file or directory", "DESTINATION_PATH"],
  ["Binder Error: something new", "DESTINATION_FAILED"],
])("%s is %s", (message, code) => {
  const cause = new Error(message);
  expect(duckdbError(cause, "x.duckdb")).toMatchObject({ code, cause, details: { path: "x.duckdb" } });
});

test("a cell that is quoted in an error means nothing", () => {
  const error = duckdbError(
    new Error("Conversion Error: Could not convert string 'No space left' to INT64"),
    "x.duckdb",
  );
  expect(error.code).toBe("DESTINATION_FAILED");
});

test("an error of Lading stays as it is", () => {
  const error = new LadingError("CONFLICT", "someone else");
  expect(duckdbError(error, "x.duckdb")).toBe(error);
});
