import { LadingError } from "../../errors/index.ts";
import type { TableQuery } from "./options.ts";
import type { SqlText } from "./sql-text.ts";

/** What was said of a query. */
export interface QueryContent {
  readonly where: readonly SqlText[];
  readonly limit: number | undefined;
}

const content = Symbol("content");

interface OwnQuery extends TableQuery {
  readonly [content]: QueryContent;
}

/** A query of all rows. */
export function tableQuery(now: QueryContent = { where: [], limit: undefined }): TableQuery {
  const own: OwnQuery = {
    [content]: now,
    where: (condition) => tableQuery({ ...now, where: [...now.where, condition] }),
    limit: (rows) => {
      if (Number.isSafeInteger(rows) && rows >= 0) return tableQuery({ ...now, limit: rows });
      throw new LadingError("INVALID_ARGUMENT", `limit() of a query takes a whole number of rows, not ${String(rows)}`);
    },
  };
  return own;
}

/** @throws LadingError INVALID_ARGUMENT where it is not what {@link tableQuery} gave */
export function contentOf(query: TableQuery, table: string): QueryContent {
  const found = (query as OwnQuery | undefined)?.[content];
  if (found !== undefined) return found;
  throw new LadingError("INVALID_ARGUMENT", `The queryAdapter of "${table}" did not give a query`, {
    hint: "Return what the methods of the query give: (query) => query.where(sql`…`).",
  });
}
