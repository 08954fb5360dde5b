import { LadingError, type ErrorCode } from "../../errors/index.ts";

/** What the engines say of a database to load into, said of one to read from. */
const codes: Partial<Record<ErrorCode, ErrorCode>> = {
  DESTINATION_MISSING_DRIVER: "SOURCE_MISSING_DRIVER",
  DESTINATION_UNREACHABLE: "SOURCE_UNREACHABLE",
  DESTINATION_UNAUTHORIZED: "SOURCE_UNAUTHORIZED",
  DESTINATION_LOCKED: "SOURCE_FAILED",
  DESTINATION_PATH: "SOURCE_NOT_FOUND",
  DESTINATION_CORRUPT: "SOURCE_FAILED",
  DESTINATION_READ_ONLY: "SOURCE_UNAUTHORIZED",
  DESTINATION_NEWER: "SOURCE_FAILED",
  DESTINATION_FAILED: "SOURCE_FAILED",
};

/** An error of a database as one of a source. */
export function sourceError(error: LadingError): LadingError {
  const code = codes[error.code];
  if (code === undefined) return error;
  // Other hints say what becomes of a load.
  const hint = code === "SOURCE_MISSING_DRIVER" ? { hint: error.hint } : {};
  return new LadingError(code, error.message, { cause: error.cause, details: error.details, ...hint });
}
