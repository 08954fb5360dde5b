export type { Batch, BatchColumn, BatchTable, RemoveTables, TableRemoval, WriteBatch } from "./batch.ts";
export { destination, type CustomDestinationOptions } from "./custom-destination.ts";
