import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../../scripts/lib/failure.mjs";
import { root } from "../../scripts/lib/project.mjs";
import { startServer } from "../../scripts/lib/server.mjs";
import { calibrate, measure, workSecondsOf } from "../measure.mjs";
import { print, summary } from "../report.mjs";
import { checksumOfRows, checksumSql } from "./checksum.mjs";
import { startBenchServer } from "./server.mjs";
import { pythonForPostgres, works } from "./works.mjs";

/** Where everybody loads to. */
const dataset = "bench_data";

/**
 * Runs works with PostgreSQL, on one server: every contender once, then again. What each has loaded is compared with what
 * was there to load, and removed.
 * @param {readonly string[]} names of works
 * @param {{ rows?: number, runs?: number, peers: boolean, say: (line: string) => void }} options
 * @returns {Promise<Record<string, object>>} what was measured, for a machine to read
 */
export async function racePostgres(names, options, signal) {
  const python = options.peers ? pythonForPostgres() : undefined;
  if (options.peers && python === undefined) {
    options.say(
      "No Python with dlt, psycopg2 and SQLAlchemy was found (LADING_BENCH_PYTHON, python3): Lading runs alone.",
    );
  }
  const report = {};
  for (const name of names) {
    // A server for each: one that has worked for minutes has its logs to write.
    const server = await startBenchServer({ signal });
    try {
      report[name] = await race(name, { ...options, server, python }, signal);
    } finally {
      await server.stop();
    }
  }
  return report;
}

async function race(name, { server, python, say, ...options }, signal) {
  const work = works[name];
  const rows = options.rows ?? work.rows;
  const rounds = options.runs ?? work.runs;
  const { api, expected, end } = await makeRows(work, rows, server, signal);
  try {
    const runners = work.contenders(python);
    const calibration = { before: calibrate() };
    const times = new Map(runners.map((runner) => [runner.name, []]));
    for (let round = 1; round <= rounds; round++) {
      for (const runner of runners) {
        const result = await runOnce(runner, { api, server, expected, signal });
        times.get(runner.name).push(result);
        say(`${name} ${round}/${rounds} ${runner.name}: ${result.seconds.toFixed(2)} s`);
      }
    }
    calibration.after = calibrate();
    const results = [...times].map(([runner, runs]) => summary(runner, rows, runs));
    print(`${work.title} ${server.version}, ${rows.toLocaleString("en-US")} flat rows`, calibration, results);
    return { rows, runs: rounds, server: server.version, calibration, results };
  } finally {
    await end();
  }
}

/** The rows that there are to load, and the sums that must come out. */
async function makeRows({ readsTable = false }, rows, server, signal) {
  if (readsTable) {
    await server.makeSource(rows);
    return { expected: await server.ask(checksumSql("shop.orders")), end: async () => {} };
  }
  const script = join(root, "bench", "server.mjs");
  const api = await startServer([script, "flat", String(rows), "1000", "0"], { signal });
  return { api: api.url, expected: checksumOfRows(rows), end: () => api.close() };
}

async function runOnce(runner, { api, server, expected, signal }) {
  const folder = mkdtempSync(join(tmpdir(), "lading-bench-"));
  const where = { api, folder, server: server.url };
  try {
    const { command, env } = runner.prepare(where);
    const before = await server.cpuSeconds();
    const { output, ...figures } = await measure(command, { cwd: folder, env, signal });
    // Counted before the server is asked for sums.
    const serverSeconds = before === undefined ? undefined : (await server.cpuSeconds()) - before;
    const ask = runner.ask ?? ((_, sql) => server.ask(sql));
    const found = await ask(where, checksumSql(`${dataset}.orders`));
    if (String(found) !== String(expected)) {
      throw new Failure(`${runner.name} has loaded\n  ${found.join(" ")}\nand it should be\n  ${expected.join(" ")}`);
    }
    return { ...figures, ...(serverSeconds !== undefined && { serverSeconds }), ...workSecondsOf(output) };
  } finally {
    await server.clean(dataset);
    rmSync(folder, { recursive: true, force: true });
  }
}
