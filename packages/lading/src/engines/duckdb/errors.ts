import { LadingError, type ErrorCode } from "../../errors/index.ts";

/** What DuckDB's messages mean, most special first. */
const meanings: readonly {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly says: string;
  readonly hint?: string;
}[] = [
  {
    pattern: /Could not set lock on file|Conflicting lock/i,
    code: "DESTINATION_LOCKED",
    says: "is in use by another process",
  },
  {
    pattern: /same database file with a different configuration/i,
    code: "DESTINATION_LOCKED",
    says: "is open in this process already, with settings of its own",
    hint: "Close it before the run, or open it with DuckDBInstance.fromCache(path) and without settings.",
  },
  {
    // "… but we can only read versions between 64 and 68."
    pattern: /version number \d+|newer version of DuckDB|Unsupported storage/i,
    code: "DESTINATION_NEWER",
    says: "was written by another version of DuckDB",
  },
  {
    pattern: /No space left|disk full|not enough space|Disk quota exceeded/i,
    code: "DISK_FULL",
    says: "cannot grow: the disk is full",
  },
  {
    pattern:
      /not a valid DuckDB database|Corrupt|checksum|Failed to deserialize|Serialization Error|Could not read enough bytes/i,
    code: "DESTINATION_CORRUPT",
    says: "is no DuckDB database, or a damaged one",
  },
  {
    pattern: /^Out of Memory Error/i,
    code: "DESTINATION_FAILED",
    says: "needs more memory than it may take",
    hint: 'Give DuckDB more: duckdb({ path, memoryLimit: "1GB" }). The package is kept.',
  },
  {
    pattern: /No such file or directory|Is a directory|Not a directory|File name too long/i,
    code: "DESTINATION_PATH",
    says: "cannot be reached",
  },
  {
    pattern: /Permission denied|Operation not permitted|Read-only file system|read-only mode/i,
    code: "DESTINATION_READ_ONLY",
    says: "cannot be opened for writing",
  },
];

/** Errors that quote cells: a cell may read "disk full". */
const quotesData = /^(?:Conversion|Constraint|Invalid Input|Out of Range|Cast) Error/;

/** Does something with the database at a path; what DuckDB throws comes out as an error of the catalog. */
export async function guarded<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw duckdbError(error, path);
  }
}

/** An error of DuckDB as one of the catalog. What is one already stays. */
export function duckdbError(cause: unknown, path: string): LadingError {
  if (LadingError.is(cause)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const meaning = quotesData.test(message) ? undefined : meanings.find(({ pattern }) => pattern.test(message));
  if (meaning === undefined) {
    return new LadingError("DESTINATION_FAILED", `DuckDB refused a statement on ${path}: ${firstLine(message)}`, {
      cause,
      details: { path },
    });
  }
  const { code, says, hint } = meaning;
  return new LadingError(code, `The database ${path} ${says}.`, {
    cause,
    ...(hint === undefined ? {} : { hint }),
    details: { path },
  });
}

function firstLine(message: string): string {
  const line = message.split("\n", 1)[0]!;
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
