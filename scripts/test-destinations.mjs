#!/usr/bin/env node
// `npm run test:destinations`: runs the suite that every destination must pass on DuckDB and on PostgreSQL 15 and 18; or
// on some of them: npm run test:destinations -- duckdb "postgres 18" --only "lost connection"
// LADING_TEST_PG_URL names a server in the place of both. The last line is `N passed, N failed`.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure } from "./lib/failure.mjs";
import { importTypeScript } from "./lib/import-typescript.mjs";
import { main } from "./lib/main.mjs";
import { startPostgres } from "./lib/postgres-server.mjs";
import { root } from "./lib/project.mjs";
import { setup } from "./lib/setup.mjs";

/** Longer than any case takes on a busy machine. */
const caseSeconds = 600;

await main(async (signal) => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: "string" } } });
  await setup({ dev: true, signal });
  const { destinationSuite } = await import("lading/testing");
  const all = await subjects(signal);
  const unknown = positionals.filter((name) => !all.some((one) => one.subject.name === name));
  if (unknown.length > 0)
    throw new Failure(
      `There is no destination ${unknown.join(", ")}. There are: ${all.map((one) => one.subject.name).join(", ")}`,
    );

  const counts = [];
  for (const { subject, close } of all) {
    if (positionals.length > 0 && !positionals.includes(subject.name)) continue;
    try {
      const cases = destinationSuite(subject).filter(({ name }) => name.includes(values.only ?? ""));
      counts.push(await runAll(subject.name, cases, signal));
    } finally {
      await close();
    }
  }
  const total = (key) => counts.reduce((sum, one) => sum + one[key], 0);
  process.stdout.write(`${total("passed")} passed, ${total("failed")} failed\n`);
  return total("failed") > 0 || total("passed") === 0 ? 1 : 0;
});

/** Runs the cases of a destination one after the other, and says how each that did not pass ended. */
async function runAll(destination, cases, signal) {
  const print = (line) => process.stdout.write(`${line}\n`);
  const start = performance.now();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const reasons = new Map();
  for (const { name, skip, run } of cases) {
    signal.throwIfAborted();
    if (skip !== undefined) {
      counts.skipped++;
      reasons.set(skip, (reasons.get(skip) ?? 0) + 1);
      continue;
    }
    try {
      await bounded(run());
      counts.passed++;
    } catch (error) {
      signal.throwIfAborted();
      counts.failed++;
      print(`✗ ${destination}: ${name}`);
      print((error instanceof Error ? (error.stack ?? error.message) : String(error)).replaceAll(/^/gm, "    "));
    }
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  print(`${destination}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped, ${seconds} s`);
  for (const [reason, count] of reasons) print(`  ${count} skipped: ${reason}`);
  return counts;
}

/** A case that does not end fails. */
async function bounded(work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took more than ${caseSeconds} s.`)), caseSeconds * 1000);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The destinations, and how what was started for them is stopped. */
async function subjects(signal) {
  const folder = join(root, "packages", "lading", "test", "destinations");
  const { duckdbSubject } = await importTypeScript(join(folder, "duckdb.ts"));
  const { postgresSubject } = await importTypeScript(join(folder, "postgres.ts"));
  const url = process.env.LADING_TEST_PG_URL ?? "";
  const servers = url === "" ? [15, 18].map((major) => ownServer(postgresSubject, major, signal)) : [];
  const given = url === "" ? [] : [givenServer(postgresSubject, url)];
  return [{ subject: duckdbSubject, close: async () => {} }, ...servers, ...given];
}

function ownServer(postgresSubject, major, signal) {
  let server;
  const subject = postgresSubject(`postgres ${major}`, async () => {
    // Nobody pulls its plug.
    server = await startPostgres({ major, settings: { fsync: "off" }, signal });
    return server.url;
  });
  return { subject, close: async () => server?.stop() };
}

function givenServer(postgresSubject, url) {
  const subject = postgresSubject("postgres", async () => url);
  return { subject, close: () => subject.close() };
}
