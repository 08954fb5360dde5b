export { createDataset, type Dataset, type DatasetOptions } from "./dataset.ts";
export type { Relation, Rows } from "./relation.ts";
export type { NestedColumns, RootColumns, SystemTables, TablesOf, UntypedRow } from "./tables.ts";
