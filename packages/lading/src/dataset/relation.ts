import { LadingError } from "../errors/index.ts";
import {
  checkCondition,
  countPieces,
  selectPieces,
  type Dialect,
  type Operator,
  type SelectQuery,
  type SqlPiece,
} from "./select-query.ts";

/** Rows that can be gone through, once or many times; each time they are asked for anew. */
export interface Rows<Row> extends AsyncIterable<Row> {
  /** All rows at once. */
  rows(): Promise<Row[]>;
  /** Rows in batches, as they arrive. */
  pages(): AsyncIterable<readonly Row[]>;
}

type Present<Value> = Exclude<Value, null | undefined>;
/** What a value of a column can be compared with: a whole number also with a `bigint`. */
type Comparand<Value> = Present<Value> extends number ? Present<Value> | bigint : Present<Value>;

/** What stands to the right of an operator. */
export type Operand<Op extends Operator, Value> = Op extends "is" | "is not"
  ? null
  : Op extends "in" | "not in"
    ? readonly Comparand<Value>[]
    : Op extends "like" | "not like"
      ? string
      : Comparand<Value>;

/**
 * A table of a dataset, or a part of it. No method changes it: each gives a new one. Nothing is read before its rows
 * are asked for.
 *
 * `Columns` are all that the table has, `Row` is what was selected.
 */
export interface Relation<Columns, Row = Columns> extends Rows<Row> {
  /** Only these columns. */
  select<const Name extends keyof Columns & string>(
    ...columns: readonly Name[]
  ): Relation<Columns, Pick<Columns, Name>>;
  /** Only rows for which this holds, and what was asked before. */
  where<Name extends keyof Columns & string, Op extends Operator>(
    column: Name,
    operator: Op,
    value: Operand<Op, Columns[Name]>,
  ): Relation<Columns, Row>;
  /** After what was ordered by before. Default: `asc`. */
  orderBy(column: keyof Columns & string, direction?: "asc" | "desc"): Relation<Columns, Row>;
  /** At most so many rows. */
  limit(rows: number): Relation<Columns, Row>;
  /** How many rows there are. */
  count(): Promise<number>;
}

/** Sends pieces of SQL, and gives back rows. */
export type Send = (
  pieces: (dialect: Dialect) => readonly SqlPiece[],
) => AsyncIterable<readonly Record<string, unknown>[]>;

const queryKey = Symbol("query");

/** The query behind a relation, so that it can stand in a template of SQL; `undefined` for everything else. */
export function queryOf(value: unknown): SelectQuery | undefined {
  if (typeof value !== "object" || value === null || !(queryKey in value)) return undefined;
  return value[queryKey] as SelectQuery;
}

/** Makes a relation. The type parameters are the caller's promise. */
export function relation<Columns, Row = Columns>(query: SelectQuery, send: Send): Relation<Columns, Row> {
  const next = (changes: Partial<SelectQuery>): Relation<Columns, Row> => relation({ ...query, ...changes }, send);
  const made: Relation<Columns, Row> = {
    ...rowsOf<Row>(() => send((dialect) => selectPieces(query, dialect))),
    select: (...columns) => {
      if (columns.length === 0) throw new LadingError("INVALID_ARGUMENT", "select() needs at least one column");
      return next({ columns }) as never;
    },
    where(column, operator, value) {
      const condition = { column, operator, value };
      checkCondition(condition);
      return next({ where: [...query.where, condition] });
    },
    orderBy: (column, direction = "asc") => {
      if (direction !== "asc" && direction !== "desc") {
        throw new LadingError("INVALID_ARGUMENT", `orderBy() takes "asc" or "desc", not "${String(direction)}"`);
      }
      return next({ orderBy: [...query.orderBy, { column, direction }] });
    },
    limit(rows) {
      if (!Number.isInteger(rows) || rows < 0) {
        throw new LadingError("INVALID_ARGUMENT", `limit() takes a whole number of rows, not ${String(rows)}`);
      }
      return next({ limit: rows });
    },
    async count() {
      for await (const [row] of send((dialect) => countPieces(query, dialect))) if (row) return Number(row["count"]);
      return 0;
    },
  };
  return Object.defineProperty(made, queryKey, { value: query });
}

/** What can be done with the rows of any query. */
export function rowsOf<Row>(read: () => AsyncIterable<readonly Record<string, unknown>[]>): Rows<Row> {
  const pages = read as () => AsyncIterable<readonly Row[]>;
  return {
    pages,
    async rows() {
      const rows: Row[] = [];
      for await (const page of pages()) for (const row of page) rows.push(row);
      return rows;
    },
    async *[Symbol.asyncIterator]() {
      for await (const page of pages()) yield* page;
    },
  };
}
