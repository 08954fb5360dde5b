import { fork, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { importBuilt } from "./chaos-build.mjs";
import { destinationOf } from "./chaos-destination.mjs";
import { Failure } from "./failure.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const secondsPerRun = 60;
export const dataset = "chaos_data";

/**
 * One run in a process of its own. `onChild` is given that process; with `mayFail` the run may say that the destination
 * cannot be reached.
 * @returns {Promise<{ killed: true, phase: string } | { killed: false, failed: true } | { killed: false, failed: false, passed: [string, number][] }>}
 */
export function load(options, signal) {
  return new Promise((resolve, reject) => {
    const { onChild, mayFail = false, ...rest } = options;
    const child = spawn(process.execPath, [here("chaos-load.mjs"), JSON.stringify(rest)], {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      signal: AbortSignal.any([signal, AbortSignal.timeout(secondsPerRun * 1000)]),
      killSignal: "SIGKILL",
      windowsHide: true,
    });
    const texts = ["", "", "", ""];
    for (const place of [1, 2, 3]) child.stdio[place].on("data", (chunk) => (texts[place] += chunk));
    onChild?.(child);
    let failure;
    child.on("error", (error) => {
      failure = error;
      if (child.pid === undefined) reject(error);
    });
    child.on("close", (code, end) => {
      if (failure !== undefined) reject(new Failure(`A run was stopped: ${failure.message}\n${texts[2]}`));
      else if (end === "SIGKILL") resolve({ killed: true, phase: texts[3].trim().split("\n").at(-1) || "start" });
      else if (code === 0) resolve({ killed: false, failed: false, ...JSON.parse(texts[1]) });
      else if (mayFail && texts[2].includes("DESTINATION_UNREACHABLE")) resolve({ killed: false, failed: true });
      else reject(new Failure(`A run failed, which only a kill should bring about:\n${texts[2]}`));
    });
  });
}

/** Whether a load is committed, and nothing is left to do. */
export async function isDone(build, folder, loads) {
  const work = join(folder, "work", "chaos");
  const list = (path) => (existsSync(path) ? readdirSync(path) : []);
  if (list(join(work, "packages")).length > 0 || list(work).includes("draft")) return false;
  const { mayBeThere } = await destinationOf(build, folder);
  return mayBeThere && (await withReader(build, folder, countLoads)) >= loads;
}

async function countLoads(reader) {
  const found = `SELECT 1 AS found FROM information_schema.tables WHERE table_schema = '${dataset}' AND table_name = '_dlt_loads'`;
  if ((await rowsOf(reader, found)).length === 0) return 0;
  return (await rowsOf(reader, `SELECT load_id FROM ${reader.qualify("_dlt_loads")}`)).length;
}

/** The rows of a query, all of them. */
export async function rowsOf(reader, sql) {
  const all = [];
  for await (const batch of reader.query(sql, [])) all.push(...batch);
  return all;
}

export async function contentOf(build, folder) {
  const { datasetContent } = await importBuilt(build, "lading/testing/index.js");
  return withReader(build, folder, (reader) => datasetContent(reader, dataset));
}

/** Reads the database of a folder by `read(reader)`. */
export async function withReader(build, folder, read) {
  const { createConfig } = await importBuilt(build, "lading/index.js");
  const config = createConfig({ providers: [], pipelineName: "chaos" });
  const where = { pipeline: "chaos", dataset, config, folder, signal: new AbortController().signal };
  const { destination } = await destinationOf(build, folder);
  const client = await destination.connect(where);
  try {
    return await read(client.reader());
  } finally {
    await client.close();
  }
}

export async function startSimulator(options, signal) {
  const child = fork(here("chaos-simulator.mjs"), [JSON.stringify(options)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const gone = new Promise((resolve) => child.once("close", resolve));
  const answer = () =>
    new Promise((resolve, reject) => {
      const stop = () => reject(new Failure("The simulator did not answer."));
      const timer = setTimeout(stop, 30_000);
      void gone.then(stop);
      child.once("message", (message) => {
        clearTimeout(timer);
        resolve(message);
      });
    });
  const close = async () => {
    child.kill("SIGKILL");
    await gone;
  };
  try {
    signal.throwIfAborted();
    const { url } = await answer();
    return {
      url,
      close,
      tell: (message) => {
        const answered = answer();
        child.send(message);
        return answered;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
