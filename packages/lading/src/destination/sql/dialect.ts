import type { ColumnSchema } from "../../schema/schema.ts";

/** What differs between SQL engines, as far as our statements need it. Pure: text in, text out. */
export interface Dialect {
  /** A name in the engine's quotes. */
  quote(identifier: string): string;
  /** A text literal. */
  literal(text: string): string;
  /** The type of a column in DDL. Throws where the engine cannot hold it. */
  columnType(column: ColumnSchema): string;
  /** Several columns in one ALTER TABLE. */
  readonly alterAddsMany: boolean;
  /** `ADD COLUMN … NOT NULL` is allowed on a table that has rows. */
  readonly alterAddsNotNull: boolean;
}

/** A table as statements name it: qualified and quoted already. */
export type TableRef = string;
