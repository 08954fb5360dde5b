import { LadingError } from "../errors/index.ts";
import type { SqlReader } from "../destination/sql-reader.ts";

/** What of a dialect is needed to write a query. */
export type Dialect = Pick<SqlReader, "quote" | "qualify">;

export type ComparisonOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";
export type Operator = ComparisonOperator | "like" | "not like" | "in" | "not in" | "is" | "is not";

export interface Condition {
  readonly column: string;
  readonly operator: Operator;
  readonly value: unknown;
}

/** A query of one table, as data. */
export interface SelectQuery {
  readonly table: string;
  /** `undefined`: all columns. */
  readonly columns?: readonly string[];
  /** All must hold. */
  readonly where: readonly Condition[];
  readonly orderBy: readonly { readonly column: string; readonly direction: "asc" | "desc" }[];
  readonly limit?: number;
}

/** A piece of SQL: text as it stands, or the value of a parameter. */
export type SqlPiece = string | { readonly parameter: unknown };

/** A statement, with its parameters as `$1`, `$2`, …. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Puts pieces together, and numbers the parameters. */
export function toStatement(pieces: readonly SqlPiece[]): Statement {
  const parameters: unknown[] = [];
  let sql = "";
  for (const piece of pieces) sql += typeof piece === "string" ? piece : `$${parameters.push(piece.parameter)}`;
  return { sql, parameters };
}

/** The `SELECT` of a query. */
export function selectPieces(query: SelectQuery, dialect: Dialect): readonly SqlPiece[] {
  const { table, columns, where, orderBy, limit } = query;
  const pieces: SqlPiece[] = [
    `SELECT ${columns ? columns.map((column) => dialect.quote(column)).join(", ") : "*"} FROM ${dialect.qualify(table)}`,
  ];
  where.forEach((condition, index) =>
    pieces.push(index === 0 ? " WHERE " : " AND ", ...conditionPieces(condition, dialect)),
  );
  if (orderBy.length > 0) {
    const terms = orderBy.map(({ column, direction }) => `${dialect.quote(column)} ${direction.toUpperCase()}`);
    pieces.push(` ORDER BY ${terms.join(", ")}`);
  }
  if (limit !== undefined) pieces.push(` LIMIT ${limit}`);
  return pieces;
}

/** The `SELECT` that counts the rows of a query. */
export function countPieces(query: SelectQuery, dialect: Dialect): readonly SqlPiece[] {
  const inner = selectPieces({ ...query, orderBy: [] }, dialect);
  return [`SELECT count(*) AS ${dialect.quote("count")} FROM (`, ...inner, `) AS ${dialect.quote("counted")}`];
}

const operators = {
  "=": "=",
  "!=": "<>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
  like: "LIKE",
  "not like": "NOT LIKE",
  in: "IN",
  "not in": "NOT IN",
  is: "IS",
  "is not": "IS NOT",
} as const satisfies Record<Operator, string>;

/** @throws LadingError INVALID_ARGUMENT for an operator or a value that cannot be */
export function checkCondition({ column, operator, value }: Condition): void {
  const where = `where("${column}", "${operator}", …)`;
  if (!Object.hasOwn(operators, operator)) {
    throw new LadingError("INVALID_ARGUMENT", `${where}: there is no such operator`, {
      hint: `The operators are: ${Object.keys(operators).join(", ")}.`,
    });
  }
  const problem = conditionProblem(operator, value);
  if (problem !== undefined) throw new LadingError("INVALID_ARGUMENT", `${where}: ${problem}`);
}

function conditionProblem(operator: Operator, value: unknown): string | undefined {
  if (operator === "is" || operator === "is not")
    return value === null ? undefined : `only null can follow "${operator}"`;
  if (operator === "in" || operator === "not in") {
    if (!Array.isArray(value)) return "the value must be an array";
    return value.some((item) => item === null || item === undefined) ? 'null is in no list: use "is"' : undefined;
  }
  if (value === undefined) return "the value is undefined";
  return value === null ? 'nothing equals null: use "is" or "is not"' : undefined;
}

function conditionPieces({ column, operator, value }: Condition, dialect: Dialect): readonly SqlPiece[] {
  const left = `${dialect.quote(column)} ${operators[operator]} `;
  if (value === null) return [`${left}NULL`];
  if (!Array.isArray(value)) return [left, { parameter: value }];
  // No engine takes an empty list.
  if (value.length === 0) return [operator === "in" ? "1 = 0" : "1 = 1"];
  const items = value.flatMap((item: unknown, index): SqlPiece[] => [index === 0 ? "(" : ", ", { parameter: item }]);
  return [left, ...items, ")"];
}
