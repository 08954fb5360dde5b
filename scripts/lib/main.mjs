import { describe } from "./failure.mjs";

const stops = { SIGINT: 130, SIGTERM: 143 };

/**
 * Runs a command to its end: its exit code, its failure in words, and Ctrl-C as an abort signal, so that what was
 * started is stopped in order.
 * @param {(signal: AbortSignal) => Promise<number>} work gives the exit code
 */
export async function main(work) {
  const controller = new AbortController();
  let stopped;
  for (const [name, code] of Object.entries(stops)) {
    process.once(name, () => {
      stopped = code;
      controller.abort();
    });
  }
  // Whoever reads our output may leave early (`| head`): then there is nobody to work for.
  process.stdout.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
    stopped ??= 0;
    controller.abort();
  });
  try {
    process.exitCode = await work(controller.signal);
  } catch (error) {
    if (stopped === undefined) process.stderr.write(`\n✗ ${describe(error)}\n`);
    process.exitCode = 1;
  }
  if (stopped !== undefined) {
    if (stopped > 0) process.stderr.write("Stopped.\n");
    process.exitCode = stopped;
  }
}
