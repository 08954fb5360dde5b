#!/usr/bin/env node
// Makes a fresh clone ready to run; with `--dev` also to be tested. `npm start` and `npm test` do it by themselves.
import { main } from "./lib/main.mjs";
import { setup } from "./lib/setup.mjs";

await main(async (signal) => {
  await setup({ dev: process.argv.includes("--dev"), signal });
  return 0;
});
