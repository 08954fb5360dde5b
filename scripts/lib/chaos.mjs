import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyBuild, importBuilt } from "./chaos-build.mjs";
import { historyOf } from "./chaos-history.mjs";
import { phases } from "./chaos-phases.mjs";
import { useServer } from "./chaos-destination.mjs";
import { contentOf, isDone, load, startSimulator } from "./chaos-processes.mjs";
import { mortalServer } from "./chaos-server.mjs";
import { oversleep } from "./chaos-sleep.mjs";
import { Failure } from "./failure.mjs";

/** Runs of one load before it counts as one that never ends. */
const maxRuns = 60;

/**
 * Loads from a simulated API again and again, in processes that are killed, and beside it undisturbed.
 *
 * @param {{ kills: number, serverKills?: number, destination?: "duckdb" | "postgres", seed: number, disposition: string, rows?: number, perPage?: number, signal: AbortSignal, say?: (line: string) => void }} options
 *   `disposition`: a write disposition, or a merge strategy; `serverKills`: how often the server is killed as well, between
 *   the kills of loads, and started again
 * @returns {Promise<{ kills: number, serverKills: number, byPhase: Map<string, number>, loads: number, lost: string[], doubled: string[], other: string[], asked: string[], slept: string[], history?: { versions: number, retired: number } }>}
 *   `asked`: pages that were asked for more often than once more for each kill; `slept`: what went wrong with a run that
 *   slept while another took its pipeline; `history`, with scd2: how many versions there are, and how many of them have ended
 */
export async function chaos(options) {
  const { kills: wanted, serverKills: serverWanted = 0, destination = "duckdb", seed, disposition } = options;
  const { rows = 400, perPage = 25, signal, say = () => {} } = options;
  const random = randomOf(seed);
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "lading-chaos-"));
  const disturbed = join(folder, "disturbed");
  const calm = join(folder, "calm");
  for (const one of [disturbed, calm]) mkdirSync(one);
  const build = copyBuild();
  const byPhase = new Map(phases.map((phase) => [phase, 0]));
  const asked = [];
  let kills = 0;
  let serverKills = 0;
  let loads = 0;
  // How many steps a phase has, as far as was seen.
  let steps = new Map();
  let simulator;
  let server;
  const begin = async (one) => server !== undefined && useServer(one, server);
  try {
    if (destination === "postgres") server = await mortalServer({ signal });
    for (const one of [disturbed, calm]) await begin(one);
    simulator = await startSimulator({ build, rows, seed, perPage }, signal);
    while (kills < wanted || serverKills < serverWanted) {
      signal.throwIfAborted();
      loads++;
      if (loads > 1) await simulator.tell({ grow: 5, touch: 30 });
      await simulator.tell({ asked: true });
      const began = performance.now();
      const undisturbed = await load({ build, folder: calm, url: simulator.url, disposition }, signal);
      const milliseconds = performance.now() - began;
      steps = new Map(undisturbed.passed);
      const expected = new Map((await simulator.tell({ asked: true })).asked);

      let killed = 0;
      for (let runs = 1; !(await isDone(build, disturbed, loads)); runs++) {
        if (runs > maxRuns) throw new Failure(`Load ${loads} did not end in ${maxRuns} runs.`);
        const own = { build, folder: disturbed, url: simulator.url, disposition };
        // One in so many that both come to their ends together.
        if (random() * (wanted - kills + serverWanted - serverKills) < serverWanted - serverKills) {
          const run = load({ ...own, mayFail: true }, signal);
          if (await server.killDuring(run, random() * milliseconds)) {
            serverKills++;
            killed++;
          }
          await run;
          continue;
        }
        const kill = kills < wanted ? aim(byPhase, steps, random) : undefined;
        const ran = await load({ ...own, kill }, signal);
        if (!ran.killed) continue;
        kills++;
        killed++;
        byPhase.set(ran.phase, (byPhase.get(ran.phase) ?? 0) + 1);
        if (kills % 25 === 0) say(`${kills} kills, ${loads} loads`);
      }
      for (const [page, count] of (await simulator.tell({ asked: true })).asked) {
        const most = (expected.get(page) ?? 0) + killed;
        if (count > most) asked.push(`load ${loads}: ${page} ${count} times, with ${killed} kills`);
      }
    }
    const slept = await oversleep({ build, folder, url: simulator.url, disposition, begin }, signal);
    const { contentDifference } = await importBuilt(build, "lading/testing/index.js");
    const difference = contentDifference(await contentOf(build, calm), await contentOf(build, disturbed));
    const history = disposition === "scd2" ? await historyOf(build, disturbed) : undefined;
    const other = [...difference.other, ...(history?.faults ?? [])];
    return { kills, serverKills, byPhase, loads, ...difference, other, asked, slept, history };
  } finally {
    await simulator?.close();
    await server?.stop();
    for (const one of [folder, build]) rmSync(one, { recursive: true, force: true });
  }
}

/** The next kill goes where the fewest were, at any of its steps, at once or while the step is being done. */
function aim(byPhase, steps, random) {
  // On a slow machine files may not fill quickly enough to be loaded early.
  const there = phases.filter((phase) => steps.has(phase));
  const fewest = Math.min(...there.map((phase) => byPhase.get(phase)));
  const open = there.filter((phase) => byPhase.get(phase) === fewest);
  const phase = open[Math.floor(random() * open.length)];
  const step = 1 + Math.floor(random() * (steps.get(phase) ?? 1));
  return { phase, step, after: random() < 0.4 ? 0 : Math.ceil(random() * 6) };
}

/** Numbers from 0 to 1 that a seed decides: a linear congruential generator, mixed. */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 15), 2_246_822_519) >>> 0;
    return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
  };
}
