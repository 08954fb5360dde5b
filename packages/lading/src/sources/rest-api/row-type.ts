declare const rowOf: unique symbol;

/** Carries the type of a resource's rows; there is nothing in it at run time. */
export interface RowType<Row> {
  readonly [rowOf]?: Row;
}

/**
 * Says of which type the rows of a resource are, without checking them.
 * @example `{ name: "products", row: rowType<Product>() }`
 */
export function rowType<Row>(): RowType<Row> {
  return {};
}
