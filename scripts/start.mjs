#!/usr/bin/env node
// `npm start`: sets a fresh clone up, starts a simulated Sticky.io on this machine and loads it into ./stickyio.duckdb.
// Once more, and it loads what happened since. `npm start -- --rows 100000` for more orders.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readDemoData } from "./lib/demo-data.mjs";
import { Failure } from "./lib/failure.mjs";
import { importTypeScript } from "./lib/import-typescript.mjs";
import { main } from "./lib/main.mjs";
import { root } from "./lib/project.mjs";
import { startServer } from "./lib/server.mjs";
import { setup } from "./lib/setup.mjs";
import { table } from "./lib/table.mjs";

// What happens at the simulated shop between two runs.
const newOrders = 25;
const changedOrders = 40;

await main(async (stop) => {
  const rows = rowsWanted();
  await setup({ dev: false, signal: stop });
  const signal = AbortSignal.any([stop, AbortSignal.timeout(15 * 60_000)]);
  // The database and the working files are put beside package.json, from wherever this was started.
  process.chdir(root);
  const { stickyioPipeline } = await importTypeScript(join(root, "examples", "stickyio", "pipeline.ts"));
  const before = await readDemoData(stickyioPipeline, "stickyio.duckdb");

  const lading = join(root, "packages", "lading", "bin", "lading.js");
  const past = before.loads > 0 ? ["--grow", `${newOrders * before.loads}`, "--touch", `${changedOrders}`] : [];
  const command = [lading, "simulate", "stickyio", "--port", "0", "--rows", `${rows}`, ...past];
  const shop = await startServer(command, { signal });
  try {
    say(`A simulated Sticky.io answers at ${shop.url}\n`);
    Object.assign(process.env, {
      SOURCES__STICKYIO__BASE_URL: shop.url,
      SOURCES__STICKYIO__API_USERNAME: "demo",
      SOURCES__STICKYIO__API_PASSWORD: "demo",
    });
    const result = await stickyioPipeline.run({ signal, onEvent: tell });
    say(`\n${String(result)}`);
  } finally {
    await shop.close();
  }
  report(before, await readDemoData(stickyioPipeline, "stickyio.duckdb", before.newest));
  return 0;
});

function say(text) {
  process.stdout.write(`${text}\n`);
}

function rowsWanted() {
  const { values } = parseArgs({ options: { rows: { type: "string", default: "1000" } } });
  const rows = Number(values.rows);
  if (Number.isInteger(rows) && rows > 0 && rows <= 10_000_000) return rows;
  throw new Failure(`--rows ${values.rows}: a whole number from 1 to 10,000,000 is wanted.`);
}

function tell(event) {
  if (event.type === "resource-finished") {
    const pages = event.totalPages === 1 ? "1 page" : `${event.totalPages} pages`;
    say(`  ${event.resource.padEnd(22)} ${event.totalRows.toLocaleString("en-US").padStart(10)} rows, ${pages}`);
  } else if (event.type === "resumed" || event.type === "warning") say(`  ${event.message}`);
}

function report(before, after) {
  const isFirst = before.loads === 0;
  say(`\nThe tables of stickyio_data${isFirst ? "" : ", and how many rows more than before"}:`);
  const lines = [...after.counts].map(([name, rows]) => [name, rows, rows - (before.counts.get(name) ?? 0)]);
  say(
    isFirst
      ? table(
          ["table", "rows"],
          lines.map((line) => line.slice(0, 2)),
        )
      : table(["table", "rows", "new"], lines),
  );

  say(`\n${isFirst ? "The orders" : `${after.changed} orders changed since; those`} that changed last:`);
  const columns = Object.keys(after.orders[0] ?? {});
  say(
    table(
      columns,
      after.orders.map((order) => columns.map((name) => order[name])),
    ),
  );
  say(`
To look further:
  npm start                                     again: ${newOrders} new orders come, ${changedOrders} changed ones are merged
  npx lading pipeline stickyio_pipeline info    what the pipeline knows of itself
  examples/stickyio/pipeline.ts                 the whole program
  stickyio.duckdb                               opens in any DuckDB client`);
}
