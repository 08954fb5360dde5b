#!/usr/bin/env node
// `npm start`: sets a fresh clone up, starts a simulated Sticky.io on this machine, loads it into ./stickyio.duckdb, lets
// time pass in the shop, and loads what changed. Once more, and it goes on from there. `npm start -- --rows 100000` for
// more orders, `--folder DIR` for another place, `--destination postgres` for a PostgreSQL server that is started for it,
// `--destination postgres://user:password@host/database` for one that is there.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { noDemoData, readDemoData } from "./lib/demo-data.mjs";
import { demoDestination } from "./lib/demo-destination.mjs";
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

await main(async (stop) => {
  const { rows, folder, choice } = options();
  const destination = demoDestination(choice);
  await setup({ dev: false, signal: stop });
  const signal = AbortSignal.any([stop, AbortSignal.timeout(15 * 60_000)]);
  // The database and the working files are put beside package.json, from wherever this was started.
  mkdirSync(folder, { recursive: true });
  process.chdir(folder);
  const program = join("examples", "stickyio", destination.program);
  const { stickyioPipeline } = await importTypeScript(join(root, program));
  const database = await destination.open({ folder, signal, say: (line) => process.stderr.write(`${line}\n`) });
  try {
    Object.assign(process.env, database.settings);
    const data = database.mayHaveData() ? await readDemoData(stickyioPipeline) : noDemoData;
    // A shop that was loaded before has what was loaded.
    const shop = await startDemoShop(Math.max(rows, data.orders));
    try {
      await loadTwice(stickyioPipeline, { shop, data, signal });
    } finally {
      await shop.close();
    }
  } finally {
    await database.close();
  }
  const again = choice === "duckdb" ? "npm start" : `npm start -- --destination ${destination.shown}`;
  const further = [
    [again, `again: ${newOrders} new orders come, ${changedOrders} change`],
    ["npx lading pipeline stickyio_pipeline info", "what the pipeline knows of itself"],
    [program, "the whole program"],
    ...database.places,
  ];
  const width = Math.max(...further.map(([what]) => what.length)) + 4;
  say(`\nTo look further:\n${further.map(([what, about]) => `  ${what.padEnd(width)}${about}`).join("\n")}`);
  return 0;
});

/** Loads the shop, unless it was loaded before, lets time pass there, and loads what changed. */
async function loadTwice(pipeline, { shop, data, signal }) {
  const load = async () => {
    shop.forget();
    const result = await pipeline.run({ signal, onEvent: tell });
    say(`\n${String(result)}`);
    return { result, asked: shop.asked() };
  };
  say(`A simulated Sticky.io answers at ${shop.url}\n`);
  Object.assign(process.env, {
    SOURCES__STICKYIO__BASE_URL: shop.url,
    SOURCES__STICKYIO__API_USERNAME: "demo",
    SOURCES__STICKYIO__API_PASSWORD: "demo",
  });
  const first = data.orders === 0 ? await load() : undefined;
  const before = first === undefined ? data : await readDemoData(pipeline);
  shop.changeOrders(changedOrders);
  shop.addOrders(newOrders);
  const changes = `in the shop: ${newOrders} new orders, and ${changedOrders} that changed.`;
  say(first === undefined ? `Since then ${changes}\n` : `\nMeanwhile ${changes} The same program again:\n`);
  const second = await load();
  report({ first, second, before, after: await readDemoData(pipeline, before.newest) });
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

function options() {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "1000" },
      folder: { type: "string", default: root },
      destination: { type: "string", default: "duckdb" },
    },
  });
  const rows = Number(values.rows);
  if (Number.isInteger(rows) && rows > 0 && rows <= 10_000_000)
    return { rows, folder: resolve(values.folder), choice: values.destination };
  throw new Failure(`--rows ${values.rows}: a whole number from 1 to 10,000,000 is wanted.`);
}

function tell(event) {
  if (event.type === "resource-finished") {
    const pages = event.totalPages === 1 ? "1 page" : `${event.totalPages} pages`;
    say(`  ${event.resource.padEnd(22)} ${event.totalRows.toLocaleString("en-US").padStart(10)} rows, ${pages}`);
  } else if (event.type === "resumed" || event.type === "warning") say(`  ${event.message}`);
}

/** What a load of what changed saved, and what it did. */
function report({ first, second, before, after }) {
  const [load] = second.result.loads;
  const changes = Object.keys(second.result.resources).map((name) => {
    const { rows = 0 } = load?.tables[name] ?? {};
    const total = after.rows[name] ?? 0;
    const added = total - (before.rows[name] ?? 0);
    return [name, second.asked.get(name) ?? 0, rows, added, rows - added, total];
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
}
