#!/usr/bin/env node
// `npm run chaos -- --kills 300 --seed 1 --disposition merge`: kills loads with SIGKILL at random instants of every
// phase, and compares what comes of it with undisturbed loads; with `--destination postgres --server-kills 50` also the server
// that they load into, which it starts for itself. Its last line is `kills=N lost=0 doubled=0`, or it fails.
import { parseArgs } from "node:util";
import { chaos } from "./lib/chaos.mjs";
import { Failure } from "./lib/failure.mjs";
import { main } from "./lib/main.mjs";
import { setup } from "./lib/setup.mjs";

const destinations = ["duckdb", "postgres"];
const dispositions = ["append", "replace", "merge", "upsert", "insert-only", "scd2", "cdc"];

await main(async (stop) => {
  const options = readOptions();
  await setup({ dev: options.destination === "postgres", signal: stop });
  const signal = AbortSignal.any([stop, AbortSignal.timeout(2 * 3600_000)]);
  const say = (line) => process.stderr.write(`${line}\n`);
  const { kills, serverKills, byPhase, loads, lost, doubled, other, asked, slept, history } = await chaos({
    ...options,
    signal,
    say,
  });

  const print = (line) => process.stdout.write(`${line}\n`);
  print(`${options.disposition}, seed ${options.seed}: ${loads} loads`);
  if (history !== undefined) print(`  ${history.versions} versions, ${history.retired} of them retired`);
  for (const [phase, count] of byPhase) print(`  killed in ${phase.padEnd(14)} ${String(count).padStart(5)}`);
  if (options.serverKills > 0) print(`  server killed ${String(serverKills).padStart(15)}`);
  for (const [what, list] of Object.entries({ lost, doubled, other, asked, slept })) {
    for (const line of list.slice(0, 20)) print(`  ${what}: ${line}`);
  }
  print(`kills=${kills} lost=${lost.length} doubled=${doubled.length}`);
  return lost.length + doubled.length + other.length + asked.length + slept.length === 0 ? 0 : 1;
});

function readOptions() {
  const { values } = parseArgs({
    options: {
      kills: { type: "string", default: "30" },
      "server-kills": { type: "string", default: "0" },
      destination: { type: "string", default: "duckdb" },
      seed: { type: "string", default: "1" },
      disposition: { type: "string", default: "merge" },
    },
  });
  const number = (name, least, most) => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new Failure(`--${name} ${values[name]}: a whole number from ${least} to ${most} is wanted.`);
  };
  if (!dispositions.includes(values.disposition)) {
    throw new Failure(`--disposition ${values.disposition}: one of ${dispositions.join(", ")} is wanted.`);
  }
  const { destination } = values;
  if (!destinations.includes(destination)) {
    throw new Failure(`--destination ${destination}: one of ${destinations.join(", ")} is wanted.`);
  }
  const serverKills = number("server-kills", 0, 100_000);
  if (serverKills > 0 && destination === "duckdb") throw new Failure("--server-kills: DuckDB has no server.");
  return {
    destination,
    serverKills,
    kills: number("kills", 1, 100_000),
    seed: number("seed", 0, 2 ** 31),
    disposition: values.disposition,
  };
}
