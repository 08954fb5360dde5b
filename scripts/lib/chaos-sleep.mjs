import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { importBuilt } from "./chaos-build.mjs";
import { contentOf, load } from "./chaos-processes.mjs";
import { Failure } from "./failure.mjs";

/**
 * A run falls asleep while it extracts, as on a machine that is suspended, until another run takes its pipeline and ends; then
 * it wakes. It must not commit anything. Only where /proc tells that a process sleeps. `begin` is called for each folder.
 *
 * @returns {Promise<string[]>} what was wrong
 */
export async function oversleep({ build, folder, url, disposition, begin }, signal) {
  if (process.platform !== "linux") return [];
  const wrong = [];
  const expected = join(folder, "awake");
  mkdirSync(expected);
  await begin(expected);
  const { passed } = await load({ build, folder: expected, url, disposition }, signal);
  const phase = "extract";
  const steps = new Map(passed).get(phase);
  // Later the sleeper holds the database, and nobody else can load; so does one that loads early.
  for (const step of [Math.ceil(steps / 3), steps - 1]) {
    const own = join(folder, `asleep at ${step}`);
    mkdirSync(own);
    await begin(own);
    let sleeper;
    const woken = load(
      {
        build,
        folder: own,
        url,
        disposition,
        early: false,
        kill: { phase, step, after: 0, signal: "SIGSTOP" },
        onChild: (child) => (sleeper = child),
      },
      signal,
    ).then(
      () => "it ended well",
      (error) => String(error),
    );
    try {
      await asleep(sleeper.pid, signal);
      leaseIsOver(join(own, "work", "chaos", "lock"));
      await load({ build, folder: own, url, disposition }, signal);
    } finally {
      sleeper.kill("SIGCONT");
    }
    const said = await woken;
    if (said === "it ended well") wrong.push(`step ${step}: the run that had slept was not refused`);
    const { contentDifference } = await importBuilt(build, "lading/testing/index.js");
    const { lost, doubled, other } = contentDifference(await contentOf(build, expected), await contentOf(build, own));
    wrong.push(...[...lost, ...doubled, ...other].map((line) => `step ${step}: ${line}`));
  }
  return wrong;
}

/** Waits until a process is stopped. */
async function asleep(pid, signal) {
  const path = `/proc/${pid}/stat`;
  for (let look = 0; look < 1000; look++) {
    signal.throwIfAborted();
    if (!existsSync(path)) break;
    const text = readFileSync(path, "utf8");
    if (text.slice(text.lastIndexOf(")") + 2).startsWith("T")) return;
    await wait(20);
  }
  throw new Failure("The run that was to fall asleep did not.");
}

/** The lock seems to be of another machine, which has not been heard of for long. */
function leaseIsOver(folder) {
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".json"))) {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), host: "elsewhere" }));
    utimesSync(path, new Date(0), new Date(0));
  }
}
