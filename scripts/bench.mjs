#!/usr/bin/env node
// `npm run bench`: REST to DuckDB, this checkout beside Python dlt. See bench/README.md.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { contenders, driverAlone } from "../bench/contenders.mjs";
import { calibrate, machine, measure, median } from "../bench/measure.mjs";
import { shapes } from "../bench/rows.mjs";
import { Failure } from "./lib/failure.mjs";
import { main } from "./lib/main.mjs";
import { root } from "./lib/project.mjs";
import { startServer } from "./lib/server.mjs";
import { setup } from "./lib/setup.mjs";
import { table } from "./lib/table.mjs";

const say = (line) => process.stderr.write(`${line}\n`);

await main(async (signal) => {
  const options = optionsOf(process.argv.slice(2));
  await setup({ dev: false, signal });
  const runners = contenders({ peers: options.peers });
  if (options.peers && runners.length === 1) {
    say("No Python with dlt was found (LADING_BENCH_PYTHON, python3): Lading runs alone.");
  }
  const report = { at: new Date().toISOString(), machine: machine(), shapes: {} };
  for (const shape of options.shapes) {
    const all = shape === "tiny" ? [...runners, driverAlone] : runners;
    report.shapes[shape] = await race(shape, all, options, signal);
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  return 0;
});

function optionsOf(args) {
  const { values } = parseArgs({
    args,
    options: {
      shape: { type: "string", default: "both" },
      rows: { type: "string" },
      runs: { type: "string" },
      json: { type: "string" },
      "no-peers": { type: "boolean", default: false },
    },
  });
  const wanted = values.shape === "both" ? ["flat", "nested"] : [values.shape];
  if (!wanted.every((shape) => shape in shapes))
    throw new Failure(`--shape ${values.shape}: flat, nested, both or tiny is wanted.`);
  const whole = (name) => {
    const number = Number(values[name]);
    if (values[name] !== undefined && !(Number.isInteger(number) && number > 0)) {
      throw new Failure(`--${name} ${values[name]}: a whole number above 0 is wanted.`);
    }
    return values[name] === undefined ? undefined : number;
  };
  return { shapes: wanted, rows: whole("rows"), runs: whole("runs"), json: values.json, peers: !values["no-peers"] };
}

/** One shape: every contender once, then again, so that all see the machine in the same state. */
async function race(shape, runners, options, signal) {
  const rows = options.rows ?? shapes[shape].rows;
  const rounds = options.runs ?? shapes[shape].runs ?? 5;
  const server = await startServer([join(root, "bench", "server.mjs"), shape, String(rows), "1000"], { signal });
  try {
    const calibration = { before: calibrate() };
    const times = new Map(runners.map(({ name }) => [name, []]));
    for (let round = 1; round <= rounds; round++) {
      for (const runner of runners) {
        const result = await runOnce(runner, { shape, rows, url: server.url, signal });
        times.get(runner.name).push(result);
        say(`${shape} ${round}/${rounds} ${runner.name}: ${result.seconds.toFixed(2)} s`);
      }
    }
    calibration.after = calibrate();
    const results = [...times].map(([name, runs]) => summary(name, rows, runs));
    print(shape, rows, calibration, results);
    return { rows, runs: rounds, calibration, results };
  } finally {
    await server.close();
  }
}

async function runOnce(runner, { shape, rows, url, signal }) {
  const folder = mkdtempSync(join(tmpdir(), "lading-bench-"));
  try {
    const database = join(folder, "bench.duckdb");
    const { command, env, cwd = folder } = runner.prepare({ url, folder, database });
    const { output, ...figures } = await measure(command, { cwd, env, signal });
    const tables = runner.countRows === undefined ? {} : shapes[shape].tables(rows);
    const counts = (await runner.countRows?.(database, Object.keys(tables))) ?? {};
    for (const [name, expected] of Object.entries(tables)) {
      if (counts[name] !== expected) {
        throw new Failure(`${runner.name} loaded ${counts[name]} rows into ${name}; ${expected} were sent.`);
      }
    }
    // dlt says how long its work took without the start of Python and its imports.
    const [, work] = /"work_seconds": ([\d.]+)/.exec(output) ?? [];
    return { ...figures, ...(work === undefined ? {} : { workSeconds: Number(work) }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function summary(name, rows, runs) {
  const seconds = median(runs.map((one) => one.seconds));
  const peaks = runs.flatMap((one) => one.peakMegabytes ?? []);
  const works = runs.flatMap((one) => one.workSeconds ?? []);
  return {
    name,
    seconds,
    rowsPerSecond: name === driverAlone.name ? null : Math.round(rows / seconds),
    peakMegabytes: peaks.length > 0 ? Math.round(median(peaks)) : null,
    workSeconds: works.length > 0 ? median(works) : null,
    runs,
  };
}

function print(shape, rows, calibration, results) {
  const { before, after } = calibration;
  process.stdout.write(`\nREST to DuckDB, ${rows.toLocaleString("en-US")} ${shape} rows, medians of whole processes\n`);
  process.stdout.write(`calibration: JSON.parse of 16 MB took ${before} ms before and ${after} ms after\n\n`);
  const head = ["", "seconds", "rows/s", "peak MB", "lading beside it"];
  const lines = results.map(({ name, seconds, rowsPerSecond, peakMegabytes }) => {
    const times = seconds / results[0].seconds;
    return [
      name,
      Number(seconds.toFixed(2)),
      rowsPerSecond,
      peakMegabytes,
      name === "lading" ? "" : `${times.toFixed(1)}x as fast`,
    ];
  });
  process.stdout.write(`${table(head, lines)}\n`);
  const alone = results.find(({ name }) => name === driverAlone.name);
  if (alone !== undefined) {
    const ratio = (results[0].seconds / alone.seconds).toFixed(2);
    process.stdout.write(`\n  lading takes ${ratio} times as long as a process that only loads the driver\n`);
  }
  if (Math.max(before, after) > 1.25 * Math.min(before, after)) {
    process.stdout.write(
      "  The machine changed its speed meanwhile: compare the columns, but do not quote the figures.\n",
    );
  }
}
