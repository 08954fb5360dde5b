import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Failure } from "../scripts/lib/failure.mjs";

/** The program that is dlt in the benchmark. */
export const peer = join(import.meta.dirname, "peer-dlt.py");

/**
 * The Python of LADING_BENCH_PYTHON, else the one in PATH, where it has dlt and what else is wanted.
 * @param {readonly string[]} modules
 * @returns {{ executable: string, version: string } | undefined}
 */
export function pythonWithDlt(modules) {
  const executable = process.env.LADING_BENCH_PYTHON ?? "python3";
  const probe = `import dlt, duckdb, ${modules.join(", ")}; print(f'dlt {dlt.__version__} (DuckDB {duckdb.__version__})')`;
  const { status, stdout } = spawnSync(executable, ["-c", probe], { encoding: "utf8", timeout: 60_000 });
  return status === 0 ? { executable, version: stdout.trim() } : undefined;
}

/** What `peer-dlt.py` answers to a question. */
export function askPeer(executable, args) {
  const { status, stdout, stderr } = spawnSync(executable, [peer, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Failure(`${executable} could not be asked what was loaded:\n${stderr}`);
  return JSON.parse(stdout);
}
