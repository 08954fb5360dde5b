import type { SqlReader } from "../destination/sql-reader.ts";
import { LadingError } from "../errors/index.ts";
import { lazyConnection } from "./connection.ts";
import { convertRow, type IntegerMode } from "./convert-cell.ts";
import { queryOf, relation, rowsOf, type Relation, type Rows, type Send } from "./relation.ts";
import { selectPieces, toStatement, type Dialect, type SqlPiece } from "./select-query.ts";
import type { SystemTables, UntypedRow } from "./tables.ts";

/**
 * The data of a pipeline, for reading. It connects when something is asked for, and is connected only while that is
 * read; `close` is for those who stop early.
 *
 * Values are as they were written: integers are numbers, timestamps `Date`s, decimals and dates texts, JSON what was
 * parsed from it.
 */
export interface Dataset<Tables = Readonly<Record<string, UntypedRow>>> extends AsyncDisposable {
  table<Name extends keyof Tables & string>(name: Name): Relation<Tables[Name]>;
  table<Name extends keyof SystemTables>(name: Name): Relation<SystemTables[Name]>;
  /**
   * Any query. Values become parameters, a relation a query in brackets; table names mean those of the dataset.
   *
   * ```ts
   * const totals = await data.sql<{ name: string; total: number }>`
   *   select name, sum(total) as total from orders where total > ${minimum} group by name`.rows();
   * ```
   */
  sql<Row = Record<string, unknown>>(text: TemplateStringsArray, ...values: readonly unknown[]): Rows<Row>;
  /** The names of all tables that are there, dlt's own among them. */
  tables(): Promise<string[]>;
  close(): Promise<void>;
}

/** How a dataset is read. */
export interface DatasetOptions {
  /**
   * What integers are: `number`s, where one that does not fit is an error; or `bigint`s, wherever the engine has 64 bits.
   * Default: `number`.
   */
  readonly integers?: IntegerMode;
}

/**
 * A dataset over a destination's reader.
 *
 * @param connect opens a reader; called for a query when no other is being read, and `close`d after it
 */
export function createDataset<Tables = Readonly<Record<string, UntypedRow>>>(
  connect: () => Promise<SqlReader>,
  { integers = "number" }: DatasetOptions = {},
): Dataset<Tables> {
  const connection = lazyConnection(connect);

  const send: Send = (pieces) =>
    connection.use(async function* (reader) {
      const { sql, parameters } = toStatement(pieces(reader));
      for await (const rows of reader.query(sql, parameters)) yield rows.map((row) => convertRow(row, integers));
    });

  const table = (name: string): Relation<never> => {
    if (typeof name === "string" && name !== "") return relation({ table: name, where: [], orderBy: [] }, send);
    throw new LadingError("NAME_EMPTY", "The name of a table is empty");
  };

  return {
    table,
    sql<Row>(text: TemplateStringsArray, ...values: readonly unknown[]) {
      checkTemplate(text, values);
      return rowsOf<Row>(() => send((dialect) => templatePieces(text, values, dialect)));
    },
    async tables() {
      const names: string[] = [];
      const found = connection.use(async function* (reader) {
        yield await reader.tables();
      });
      for await (const some of found) names.push(...some);
      return names;
    },
    close: () => connection.close(),
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

function checkTemplate(text: unknown, values: readonly unknown[]): void {
  if (!Array.isArray(text) || !("raw" in text)) {
    throw new LadingError("INVALID_ARGUMENT", "sql is a template tag: data.sql`select …`, without parentheses");
  }
  const missing = values.indexOf(undefined);
  if (missing >= 0) throw new LadingError("INVALID_ARGUMENT", `Value ${missing + 1} in the SQL template is undefined`);
}

function templatePieces(text: readonly string[], values: readonly unknown[], dialect: Dialect): readonly SqlPiece[] {
  return text.flatMap((part, index): readonly SqlPiece[] => {
    if (index === 0) return [part];
    const value = values[index - 1];
    const query = queryOf(value);
    return query ? ["(", ...selectPieces(query, dialect), ")", part] : [{ parameter: value }, part];
  });
}
