#!/usr/bin/env node
// `npm run bench`: REST to DuckDB, and with `postgres` to and from PostgreSQL, this checkout beside Python dlt. See bench/README.md.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { contenders, driverAlone } from "../bench/contenders.mjs";
import { calibrate, machine, measure, workSecondsOf } from "../bench/measure.mjs";
import { racePostgres } from "../bench/postgres/race.mjs";
import { works } from "../bench/postgres/works.mjs";
import { print, summary } from "../bench/report.mjs";
import { shapes } from "../bench/rows.mjs";
import { Failure } from "./lib/failure.mjs";
import { main } from "./lib/main.mjs";
import { root } from "./lib/project.mjs";
import { startServer } from "./lib/server.mjs";
import { setup } from "./lib/setup.mjs";

const say = (line) => process.stderr.write(`${line}\n`);
/** Names of several at once. */
const groups = { both: ["flat", "nested"], postgres: Object.keys(works) };

await main(async (signal) => {
  const options = optionsOf(process.argv.slice(2));
  await setup({ dev: false, signal });
  const report = { at: new Date().toISOString(), machine: machine(), shapes: {} };
  const named = options.shapes.filter((name) => Object.hasOwn(works, name));
  if (named.length > 0) Object.assign(report.shapes, await racePostgres(named, { ...options, say }, signal));
  for (const shape of options.shapes) {
    if (Object.hasOwn(works, shape)) continue;
    const runners = contenders({ peers: options.peers, modes: shapes[shape].modes });
    if (options.peers && runners.length === 1) {
      say("No Python with dlt was found (LADING_BENCH_PYTHON, python3): Lading runs alone.");
    }
    const all = shape === "tiny" ? [...runners, driverAlone] : runners;
    report.shapes[shape] = await race(shape, all, options, signal);
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  return 0;
});

function optionsOf(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      shape: { type: "string" },
      rows: { type: "string" },
      runs: { type: "string" },
      json: { type: "string" },
      "no-peers": { type: "boolean", default: false },
    },
  });
  const named = values.shape === undefined ? positionals : [values.shape, ...positionals];
  const wanted = named.length === 0 ? ["both"] : named;
  for (const shape of wanted) {
    if (Object.hasOwn(groups, shape) || Object.hasOwn(shapes, shape) || Object.hasOwn(works, shape)) continue;
    const known = [...Object.keys(shapes), ...Object.keys(works), ...Object.keys(groups)];
    throw new Failure(`${shape}: one of ${known.join(", ")} is wanted.`);
  }
  const whole = (name) => {
    const number = Number(values[name]);
    if (values[name] !== undefined && !(Number.isInteger(number) && number > 0)) {
      throw new Failure(`--${name} ${values[name]}: a whole number above 0 is wanted.`);
    }
    return values[name] === undefined ? undefined : number;
  };
  const all = wanted.flatMap((shape) => groups[shape] ?? [shape]);
  return {
    shapes: [...new Set(all)],
    rows: whole("rows"),
    runs: whole("runs"),
    json: values.json,
    peers: !values["no-peers"],
  };
}

/** One shape: every contender once, then again, so that all see the machine in the same state. */
async function race(shape, runners, options, signal) {
  const rows = options.rows ?? shapes[shape].rows;
  const rounds = options.runs ?? shapes[shape].runs ?? 5;
  const from = shapes[shape].from?.(rows) ?? 0;
  const begun = await loadsBefore(shape, runners, rows, signal);
  const server = await serve(shape, rows, from, signal);
  try {
    const calibration = { before: calibrate() };
    const times = new Map(runners.map(({ name }) => [name, []]));
    const expected = shapes[shape].tables(rows);
    for (let round = 1; round <= rounds; round++) {
      for (const runner of runners) {
        const folder = mkdtempSync(join(tmpdir(), "lading-bench-"));
        try {
          if (begun.has(runner.name)) cpSync(begun.get(runner.name), folder, { recursive: true });
          const result = await runOnce(runner, { shape, url: server.url, folder, expected, signal });
          times.get(runner.name).push(result);
          say(`${shape} ${round}/${rounds} ${runner.name}: ${result.seconds.toFixed(2)} s`);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }
    }
    calibration.after = calibrate();
    const results = [...times].map(([name, runs]) => ({
      ...summary(name, rows, runs),
      ...(name === driverAlone.name && { rowsPerSecond: null }),
    }));
    print(titleOf(shape, rows), calibration, results, noteOf(results));
    return { rows, runs: rounds, calibration, results };
  } finally {
    for (const folder of begun.values()) rmSync(folder, { recursive: true, force: true });
    await server.close();
  }
}

/**
 * What each contender finds: the rows of a first load of its own, which is not measured, where the shape is one that is
 * merged; else nothing.
 * @returns {Promise<Map<string, string>>} folders by the names of contenders, for the caller to remove
 */
async function loadsBefore(shape, runners, rows, signal) {
  const folders = new Map();
  if (shapes[shape].from === undefined) return folders;
  const server = await serve(shape, rows, 0, signal);
  try {
    for (const runner of runners) {
      const folder = mkdtempSync(join(tmpdir(), "lading-bench-"));
      folders.set(runner.name, folder);
      const { seconds } = await runOnce(runner, { shape, url: server.url, folder, expected: {}, signal });
      say(`${shape}, the load before: ${runner.name}: ${seconds.toFixed(2)} s`);
    }
    return folders;
  } catch (error) {
    for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await server.close();
  }
}

function serve(shape, rows, from, signal) {
  const script = join(root, "bench", "server.mjs");
  return startServer([script, shape, String(rows), "1000", String(from)], { signal });
}

/** @param expected the number of rows that each table must have afterwards */
async function runOnce(runner, { shape, url, folder, expected, signal }) {
  const database = join(folder, "bench.duckdb");
  const { disposition = "append" } = shapes[shape];
  const { command, env, cwd = folder } = runner.prepare({ url, folder, database, disposition });
  const { output, ...figures } = await measure(command, { cwd, env, signal });
  const counts = (await runner.countRows?.(database, Object.keys(expected))) ?? expected;
  for (const [name, wanted] of Object.entries(expected)) {
    if (counts[name] !== wanted) {
      throw new Failure(`${runner.name} has ${counts[name]} rows in ${name}; it should have ${wanted}.`);
    }
  }
  return { ...figures, ...workSecondsOf(output) };
}

function titleOf(shape, rows) {
  const count = rows.toLocaleString("en-US");
  const title =
    shapes[shape].from === undefined ? `${count} ${shape} rows` : `${count} nested rows merged into as many`;
  return `REST to DuckDB, ${title}`;
}

function noteOf(results) {
  const alone = results.find(({ name }) => name === driverAlone.name);
  if (alone === undefined) return {};
  const ratio = (results[0].seconds / alone.seconds).toFixed(2);
  return { note: `lading takes ${ratio} times as long as a process that only loads the driver` };
}
