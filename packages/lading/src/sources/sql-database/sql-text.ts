import { Buffer } from "node:buffer";
import { LadingError } from "../../errors/index.ts";
import type { Database } from "./database.ts";

/** A value that can stand in a statement. A list becomes `(1, 2, 3)`, for `IN`. */
export type SqlValue = string | number | bigint | boolean | null | Date | Uint8Array | readonly SqlValue[] | SqlText;

/** A piece of SQL with its values apart, so that none of them can be taken for SQL. */
export interface SqlText {
  readonly type: "sql";
  readonly texts: readonly string[];
  /** One fewer than the texts, between them. */
  readonly values: readonly (SqlValue | SqlIdentifier)[];
}

/** A name in a statement. */
export interface SqlIdentifier {
  readonly type: "identifier";
  readonly name: string;
}

/**
 * A piece of SQL. What is put in is a value, and never SQL: `` sql`status = ${status}` ``.
 *
 * `sql.identifier("order")` stands for the name of a column or table.
 */
export const sql = Object.assign(
  (texts: TemplateStringsArray, ...values: readonly (SqlValue | SqlIdentifier)[]): SqlText => ({
    type: "sql",
    texts: [...texts],
    values,
  }),
  { identifier: (name: string): SqlIdentifier => ({ type: "identifier", name }) },
);

type Writing = Pick<Database, "quote" | "literal" | "bytesLiteral">;

/** The statement's text, for one kind of database. Throws INVALID_ARGUMENT on what is no value. */
export function writeSql(given: SqlText, database: Writing): string {
  return given.texts
    .map((text, i) => (i < given.values.length ? text + writeValue(given.values[i]!, database) : text))
    .join("");
}

/** A value as a literal. */
export function writeValue(value: SqlValue | SqlIdentifier, database: Writing): string {
  switch (typeof value) {
    case "string":
      return database.literal(value);
    case "bigint":
      return String(value);
    case "boolean":
      return value ? "TRUE" : "FALSE";
    case "number":
      if (Number.isFinite(value)) return String(value);
      break;
    case "object":
      if (value === null) return "NULL";
      if (value instanceof Date && !Number.isNaN(value.getTime())) return database.literal(value.toISOString());
      if (value instanceof Uint8Array) return database.bytesLiteral(Buffer.from(value).toString("hex"));
      if (isList(value) && value.length > 0) return `(${value.map((one) => writeValue(one, database)).join(", ")})`;
      if ("type" in value && value.type === "sql") return writeSql(value, database);
      if ("type" in value && value.type === "identifier") return database.quote(value.name);
      break;
    default:
  }
  throw new LadingError("INVALID_ARGUMENT", "Something in a piece of SQL is no value that SQL has.", {
    hint: "Texts, numbers, bigint, booleans, null, dates, bytes, and lists of them that are not empty.",
  });
}

function isList(value: object): value is readonly SqlValue[] {
  return Array.isArray(value);
}
