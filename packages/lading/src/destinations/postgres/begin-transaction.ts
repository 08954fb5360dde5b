/** Limits in seconds; `undefined`: the server's. */
export interface Timeouts {
  readonly statement: number | undefined;
  readonly lock: number | undefined;
}

/** The statements that begin a transaction, in one text. */
export type BeginTransaction = (options?: { readonly readOnly?: boolean }) => string;

/**
 * What each transaction begins with. All settings hold for the transaction only: behind a pooler the next one may be on
 * another server connection, and who comes after us on this one would find them.
 */
export function beginTransaction({ statement, lock }: Timeouts): BeginTransaction {
  const settings = [
    "TimeZone = 'UTC'",
    "DateStyle = 'ISO, MDY'",
    "IntervalStyle = 'postgres'",
    "bytea_output = 'hex'",
    "extra_float_digits = 3",
    ...(statement === undefined ? [] : [`statement_timeout = ${milliseconds(statement)}`]),
    ...(lock === undefined ? [] : [`lock_timeout = ${milliseconds(lock)}`]),
  ];
  const set = settings.map((setting) => `SET LOCAL ${setting}`).join("; ");
  return ({ readOnly = false } = {}) => `BEGIN ISOLATION LEVEL READ COMMITTED${readOnly ? " READ ONLY" : ""}; ${set}`;
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
