// What each run needs and no other command does, in one module: imported at once, its files are read side by side.
export { duckdb } from "../destinations/duckdb/index.ts";
export { pipeline } from "../pipeline/index.ts";
export { workingFolder } from "../pipeline/working-folder.ts";
