export type { Batch, BatchColumn, BatchTable, WriteBatch } from "./batch.ts";
export { destination, type CustomDestinationOptions } from "./custom-destination.ts";
