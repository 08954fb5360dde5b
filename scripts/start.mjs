#!/usr/bin/env node
// `npm start`: sets a fresh clone up, starts a simulated Sticky.io on this machine, loads it into ./stickyio.duckdb, lets
// time pass in the shop, and loads what changed. Once more, and it goes on from there. `npm start -- --rows 100000` for
// more orders, `--folder DIR` for another place.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readDemoData } from "./lib/demo-data.mjs";
import { startDemoShop } from "./lib/demo-shop.mjs";
import { Failure } from "./lib/failure.mjs";
import { importTypeScript } from "./lib/import-typescript.mjs";
import { main } from "./lib/main.mjs";
import { root } from "./lib/project.mjs";
import { setup } from "./lib/setup.mjs";
import { table } from "./lib/table.mjs";

// What happens at the simulated shop between two loads.
const newOrders = 25;
const changedOrders = 40;
const database = "stickyio.duckdb";

await main(async (stop) => {
  const { rows, folder } = options();
  await setup({ dev: false, signal: stop });
  const signal = AbortSignal.any([stop, AbortSignal.timeout(15 * 60_000)]);
  // The database and the working files are put beside package.json, from wherever this was started.
  mkdirSync(folder, { recursive: true });
  process.chdir(folder);
  const { stickyioPipeline } = await importTypeScript(join(root, "examples", "stickyio", "pipeline.ts"));
  let data = await readDemoData(stickyioPipeline, database);
  // A shop that was loaded before has what was loaded.
  const shop = await startDemoShop(Math.max(rows, data.orders));
  const load = async () => {
    shop.forget();
    const result = await stickyioPipeline.run({ signal, onEvent: tell });
    return { result, asked: shop.asked() };
  };
  try {
    say(`A simulated Sticky.io answers at ${shop.url}\n`);
    Object.assign(process.env, {
      SOURCES__STICKYIO__BASE_URL: shop.url,
      SOURCES__STICKYIO__API_USERNAME: "demo",
      SOURCES__STICKYIO__API_PASSWORD: "demo",
    });
    let first;
    if (data.orders === 0) {
      first = await load();
      say(`\n${String(first.result)}`);
      data = await readDemoData(stickyioPipeline, database);
    }
    shop.changeOrders(changedOrders);
    shop.addOrders(newOrders);
    const changes = `in the shop: ${newOrders} new orders, and ${changedOrders} that changed.`;
    say(first === undefined ? `Since then ${changes}\n` : `\nMeanwhile ${changes} The same program again:\n`);
    const second = await load();
    say(`\n${String(second.result)}`);
    report(first, second, await readDemoData(stickyioPipeline, database, data.newest));
  } finally {
    await shop.close();
  }
  return 0;
});

function say(text) {
  process.stdout.write(`${text}\n`);
}

function options() {
  const { values } = parseArgs({
    options: { rows: { type: "string", default: "1000" }, folder: { type: "string", default: root } },
  });
  const rows = Number(values.rows);
  if (Number.isInteger(rows) && rows > 0 && rows <= 10_000_000) return { rows, folder: resolve(values.folder) };
  throw new Failure(`--rows ${values.rows}: a whole number from 1 to 10,000,000 is wanted.`);
}

function tell(event) {
  if (event.type === "resource-finished") {
    const pages = event.totalPages === 1 ? "1 page" : `${event.totalPages} pages`;
    say(`  ${event.resource.padEnd(22)} ${event.totalRows.toLocaleString("en-US").padStart(10)} rows, ${pages}`);
  } else if (event.type === "resumed" || event.type === "warning") say(`  ${event.message}`);
}

/** What a load of what changed saved, and what it did. */
function report(first, second, after) {
  const [load] = second.result.loads;
  const changes = Object.keys(second.result.resources).map((name) => {
    const { rows = 0, removed = 0, total = 0 } = load?.tables[name] ?? {};
    return [name, second.asked.get(name) ?? 0, rows, rows - removed, removed, total || null];
  });
  say(`\nWhat ${first === undefined ? "this" : "the second"} load asked for and found:`);
  say(table(["table", "pages", "rows", "new", "updated", "in the table"], changes));
  const pages = (asked) => [...asked.values()].reduce((sum, count) => sum + count, 0);
  const saved = first === undefined ? "" : `, the first one ${pages(first.asked)}`;
  say(
    `\nIt asked for ${pages(second.asked)} pages${saved}. ${after.changed} orders are new or changed; the last of them:`,
  );
  const columns = Object.keys(after.newestOrders[0] ?? {});
  say(
    table(
      columns,
      after.newestOrders.map((order) => columns.map((name) => order[name])),
    ),
  );
  say(`
To look further:
  npm start                                     again: ${newOrders} new orders come, ${changedOrders} change
  npx lading pipeline stickyio_pipeline info    what the pipeline knows of itself
  examples/stickyio/pipeline.ts                 the whole program
  ${database}                               opens in any DuckDB client`);
}
