import type { Page } from "./page.ts";

/** What a resource's function or data may be: anything that can be gone through, or one page. */
export type Data = Iterable<unknown> | AsyncIterable<unknown> | Page;

/** The row type of one thing that was yielded: a row, some rows, or a page. `null` and `undefined` are no rows. */
export type RowOfYield<Item> = Item extends null | undefined
  ? never
  : Item extends Page<infer Row>
    ? // An object with more keys than a page's is a row that happens to have a key `rows`.
      keyof Item extends keyof Page | symbol
      ? Row
      : Item
    : Item extends readonly (infer Row)[]
      ? Row
      : Item;

/** The row type of a resource's data. */
export type RowOf<Output> =
  Output extends PromiseLike<infer Awaited>
    ? RowOf<Awaited>
    : Output extends AsyncIterable<infer Item>
      ? RowOfYield<Item>
      : Output extends Iterable<infer Item>
        ? RowOfYield<Item>
        : Output extends Page<infer Row>
          ? Row
          : never;

/** The row type of what a transformer gives for one row: a row, some rows, something that yields them, or nothing. */
export type RowOfResult<Result> =
  Result extends PromiseLike<infer Awaited>
    ? RowOfResult<Awaited>
    : Result extends AsyncIterable<infer Item>
      ? RowOfYield<Item>
      : Result extends string
        ? Result
        : Result extends Iterable<infer Item>
          ? RowOfYield<Item>
          : RowOfYield<Result>;

type Field<Row> = Row extends unknown ? keyof Row & string : never;

/** The names that may be a key: the fields of the row and what is within them; any, where the row is not typed. */
export type KeyOf<Row> = unknown extends Row ? string : Field<Row> | `${Field<Row>}__${string}`;

/** The paths that may be a cursor: a field of the row, or a path that begins with one. */
export type CursorPathOf<Row> = unknown extends Row
  ? string
  : Field<Row> | `${Field<Row>}.${string}` | `${Field<Row>}[${string}` | `$.${Field<Row>}${string}`;
