export type { StickyIoOptions } from "./options.ts";
export type * from "./rows.ts";
export { stickyio, type StickyIoSource } from "./stickyio.ts";
