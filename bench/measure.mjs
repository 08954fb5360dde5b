import { spawn } from "node:child_process";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { Failure } from "../scripts/lib/failure.mjs";
import { memoryOf } from "./memory.mjs";

/**
 * Runs a program and measures the whole process: from its start to its end, and the most memory that it and all that
 * it started ever held.
 * @param {readonly string[]} command
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, signal: AbortSignal, seconds?: number }} options
 * @returns {Promise<{ seconds: number, peakMegabytes: number | undefined, output: string }>}
 *   `peakMegabytes`: see `memoryOf`; the largest of a look each 10 ms. Undefined on other systems than Linux
 */
export function measure([program, ...args], { cwd, env, signal, seconds = 600 }) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      signal: AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let peak;
    const watch = setInterval(() => (peak = Math.max(peak ?? 0, memoryOf(child.pid) ?? 0) || undefined), 10);
    const output = [];
    const errors = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => errors.push(chunk));
    child.on("error", (error) => {
      clearInterval(watch);
      reject(error);
    });
    child.on("close", (code) => {
      const took = (performance.now() - start) / 1000;
      clearInterval(watch);
      if (code === 0) resolve({ seconds: took, peakMegabytes: peak, output: Buffer.concat(output).toString() });
      else
        reject(
          new Failure(
            `${program} ${args.join(" ")} ended with ${code}:\n${Buffer.concat(errors).toString().slice(-2000)}`,
          ),
        );
    });
  });
}

/** dlt says how long its work took without the start of Python and its imports. */
export function workSecondsOf(output) {
  const [, work] = /"work_seconds": ([\d.]+)/.exec(output) ?? [];
  return work === undefined ? {} : { workSeconds: Number(work) };
}

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * How fast the machine is just now: milliseconds for parsing a fixed text of 16 MB, the median of five.
 * Compare figures only where this number is about the same.
 */
export function calibrate() {
  const row = { id: 4711, text: "a text of some length", price: 12.34, flag: true, nothing: null, list: [1, 2, 3] };
  const text = JSON.stringify(Array.from({ length: 160_000 }, (_, id) => ({ ...row, id })));
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    JSON.parse(text);
    return performance.now() - start;
  });
  return Math.round(median(times));
}

export const machine = () => ({
  node: process.versions.node,
  system: `${process.platform} ${release()} ${process.arch}`,
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: availableParallelism(),
  memoryGigabytes: Math.round(totalmem() / 2 ** 30),
});
