import { LadingError, type ErrorCode } from "../../errors/index.ts";

/** What PostgreSQL's codes mean (SQLSTATE, or the beginning of one), most special first. */
const meanings: readonly {
  readonly state: string;
  readonly code: ErrorCode;
  readonly says: string;
  readonly hint?: string;
}[] = [
  {
    state: "28",
    code: "DESTINATION_UNAUTHORIZED",
    says: "does not accept the user or the password",
  },
  { state: "3D000", code: "DESTINATION_PATH", says: "is not there", hint: "Correct the name, or create the database." },
  { state: "42501", code: "DESTINATION_READ_ONLY", says: "does not allow the user to do what is needed" },
  { state: "25006", code: "DESTINATION_READ_ONLY", says: "is a read-only copy, or the session is read-only" },
  { state: "55P03", code: "DESTINATION_LOCKED", says: "has a table that somebody else holds locked" },
  { state: "40P01", code: "DESTINATION_LOCKED", says: "was in a deadlock with somebody else" },
  { state: "40001", code: "DESTINATION_LOCKED", says: "was changed by somebody else at the same time" },
  { state: "53100", code: "DISK_FULL", says: "cannot grow: the server's disk is full" },
  { state: "53300", code: "DESTINATION_UNREACHABLE", says: "takes no more connections" },
  { state: "57P", code: "DESTINATION_UNREACHABLE", says: "is shutting down or starting up" },
  { state: "08", code: "DESTINATION_UNREACHABLE", says: "has lost the connection" },
];

const network = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ENOENT",
]);

/** An error of the driver as one of the catalog. What is one already stays. */
export function postgresError(cause: unknown, location: string): LadingError {
  if (LadingError.is(cause)) return cause;
  const state = codeOf(cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  const details = { location, ...(state !== undefined && { state }) };
  const meaning = meanings.find((one) => state?.startsWith(one.state) === true && state.length === 5);
  if (meaning !== undefined) {
    return new LadingError(meaning.code, `The database ${location} ${meaning.says}: ${firstLine(message)}`, {
      cause,
      ...(meaning.hint !== undefined && { hint: meaning.hint }),
      details,
    });
  }
  if (isConnectionLost(cause)) {
    return new LadingError(
      "DESTINATION_UNREACHABLE",
      `The database ${location} cannot be reached: ${firstLine(message)}`,
      {
        cause,
        details,
      },
    );
  }
  return new LadingError("DESTINATION_FAILED", `PostgreSQL refused a statement on ${location}: ${firstLine(message)}`, {
    cause,
    details,
  });
}

/** Whether the connection is gone, so that what became of the last statement is not known. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined && (network.has(code) || /^(?:08|57P0)/.test(code))) return true;
  const message = error instanceof Error ? error.message : "";
  return /Connection terminated|Client has encountered a connection error|timeout expired|socket|not queryable/i.test(
    message,
  );
}

/** Whether a statement names a table or a schema that is not there. */
export function isMissingTable(error: unknown): boolean {
  const code = codeOf(error);
  return code === "42P01" || code === "3F000";
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = typeof error === "object" && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : undefined;
}

function firstLine(message: string): string {
  const line = message.split("\n", 1)[0]!;
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
