import { LadingError, type ErrorCode } from "../../errors/index.ts";

interface Meaning {
  readonly code: ErrorCode;
  readonly says: string;
  readonly hint?: string;
}

const kept = "The package is kept and is loaded with the next run.";

/** What PostgreSQL's codes mean (SQLSTATE, or the beginning of one), most special first. */
const meanings: readonly (readonly [state: string, meaning: Meaning])[] = [
  [
    "28000",
    {
      code: "DESTINATION_UNAUTHORIZED",
      says: "does not let the user in",
      hint: "The server's pg_hba.conf decides who may come from where, and whether with TLS (sslmode).",
    },
  ],
  ["28", { code: "DESTINATION_UNAUTHORIZED", says: "does not accept the user or the password" }],
  ["3D000", { code: "DESTINATION_PATH", says: "is not there", hint: "Correct the name, or create the database." }],
  [
    "42501",
    {
      code: "DESTINATION_READ_ONLY",
      says: "does not allow the user to do what a load needs",
      hint: `Make the dataset's schema the user's own (ALTER SCHEMA … OWNER TO …), or let it make schemas (GRANT CREATE ON DATABASE … TO …); tables are to be its own too. ${kept}`,
    },
  ],
  [
    "25006",
    {
      code: "DESTINATION_READ_ONLY",
      says: "takes no rows",
      hint: `It is a read-only copy, or default_transaction_read_only is on: connect to the primary. ${kept}`,
    },
  ],
  [
    "55P03",
    {
      code: "DESTINATION_LOCKED",
      says: "has a table that somebody else holds locked",
      hint: `Waiting ended after lock_timeout; pg_locks and pg_stat_activity say who it is. ${kept}`,
    },
  ],
  [
    "57014",
    {
      code: "DESTINATION_FAILED",
      says: "stopped a statement",
      hint: `It took longer than statement_timeout, or an administrator cancelled it: allow more with postgres({ statementTimeout: seconds }). ${kept}`,
    },
  ],
  ["40P01", { code: "DESTINATION_LOCKED", says: "was in a deadlock with somebody else" }],
  ["40001", { code: "DESTINATION_LOCKED", says: "was changed by somebody else at the same time" }],
  ["23505", { code: "DESTINATION_LOCKED", says: "had the same table made by somebody else at the same time" }],
  ["53100", { code: "DISK_FULL", says: "cannot grow: the server's disk is full" }],
  [
    "53300",
    {
      code: "DESTINATION_UNREACHABLE",
      says: "takes no more connections",
      hint: `Raise max_connections, close others, or connect by way of a pooler. ${kept}`,
    },
  ],
  ["53", { code: "DESTINATION_FAILED", says: "has not enough memory or other means", hint: kept }],
  [
    "08P01",
    {
      code: "DESTINATION_UNREACHABLE",
      says: "or a pooler before it does not take the connection as it is asked for",
      hint: "Poolers refuse `options` in the credentials: leave them out, or name them in the pooler's ignore_startup_parameters.",
    },
  ],
  ["57P", { code: "DESTINATION_UNREACHABLE", says: "is shutting down, starting up, or has ended the connection" }],
  ["25P03", { code: "DESTINATION_UNREACHABLE", says: "has ended the connection, as the transaction was idle" }],
  ["08", { code: "DESTINATION_UNREACHABLE", says: "has lost the connection" }],
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

/** What Node says of a certificate that it does not take. */
const certificates =
  /^(?:CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

/** An error of the driver as one of the catalog. What is one already stays. */
export function postgresError(cause: unknown, location: string): LadingError {
  if (LadingError.is(cause)) return cause;
  const state = codeOf(cause);
  const meaning = meaningOf(cause, state);
  const { code, says, hint } = meaning;
  const message = firstLine(messageOf(cause));
  const what =
    code === "DESTINATION_FAILED" && says === ""
      ? `PostgreSQL refused a statement on ${location}`
      : `The database ${location} ${says}`;
  return new LadingError(code, `${what}: ${message}`, {
    cause,
    ...(hint !== undefined && { hint }),
    details: { location, ...(state !== undefined && { state }) },
  });
}

function meaningOf(cause: unknown, state: string | undefined): Meaning {
  const found =
    state?.length === 5 && !network.has(state) ? meanings.find(([start]) => state.startsWith(start)) : undefined;
  if (found !== undefined) return found[1];
  if (state !== undefined && certificates.test(state)) {
    return {
      code: "DESTINATION_UNREACHABLE",
      says: "does not prove that it is the one",
      hint: "The certificate is not taken: sslrootcert names the authority that signed it; with verify-full the host must be in it.",
    };
  }
  const message = messageOf(cause);
  if (/client password must be a/i.test(message)) {
    return {
      code: "DESTINATION_UNAUTHORIZED",
      says: "wants a password, and there is none",
      hint: "Set destination.postgres.credentials.password, PGPASSWORD, or a line in .pgpass.",
    };
  }
  if (isTlsRefused(cause)) {
    return {
      code: "DESTINATION_UNREACHABLE",
      says: "cannot be talked to with TLS",
      hint: "Have the server configured for it, or where nobody listens choose sslmode=disable.",
    };
  }
  if (isConnectionLost(cause)) return { code: "DESTINATION_UNREACHABLE", says: "cannot be reached" };
  return { code: "DESTINATION_FAILED", says: "" };
}

/** Whether the connection is gone, so that what became of the last statement is not known. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined && (network.has(code) || /^(?:08|57P0|25P03)/.test(code))) return true;
  // What the server says itself may quote anything.
  if (typeof error === "object" && error !== null && "severity" in error) return false;
  return /Connection terminated|Client has encountered a connection error|timeout expired|socket|not queryable|Client was closed/i.test(
    messageOf(error),
  );
}

/** Whether a server does not take a connection with TLS, or takes none without. */
export function isTlsRefused(error: unknown): boolean {
  const code = codeOf(error);
  if (code === "28000" || code === "EPROTO" || code === "ECONNRESET" || code?.startsWith("ERR_SSL") === true)
    return true;
  return /SSL connection|before secure TLS connection/i.test(messageOf(error));
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

/** Where several addresses were tried, the driver's error has no text of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
