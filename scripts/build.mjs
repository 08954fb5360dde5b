#!/usr/bin/env node
// Builds all packages anew, with checked types and declarations.
import { main } from "./lib/main.mjs";
import { setup } from "./lib/setup.mjs";

await main(async (signal) => {
  await setup({ dev: true, kind: "full", force: true, signal });
  return 0;
});
