import { spawn } from "node:child_process";
import { Failure } from "./failure.mjs";

/**
 * Runs a program until it ends; it is stopped with the signal, and after `seconds`.
 * @param {readonly string[]} command the program and its arguments; never a shell, so spaces in paths are safe
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, signal?: AbortSignal, seconds?: number, show?: boolean, shell?: boolean }} options
 *   `show`: its output goes to ours at once; else it is kept and given back
 * @returns {Promise<{ code: number, output: string, milliseconds: number }>} `output` is stdout and stderr as they came
 */
export function run([program, ...args], { cwd, env, signal, seconds = 900, show = false, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const chunks = [];
    const deadline = AbortSignal.timeout(seconds * 1000);
    const child = spawn(program, args, {
      cwd,
      env: env ?? process.env,
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      stdio: show ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
      shell,
      windowsHide: true,
    });
    child.stdout?.on("data", (chunk) => chunks.push(chunk));
    child.stderr?.on("data", (chunk) => chunks.push(chunk));
    let failure;
    child.on("error", (error) => {
      failure = deadline.aborted ? new Failure(`${program} ${args.join(" ")} was stopped after ${seconds} s.`) : error;
      // Without a pid the program could not be started, and no "close" will come.
      if (child.pid === undefined) reject(failure);
    });
    child.on("close", (code) => {
      const output = Buffer.concat(chunks).toString();
      if (failure) reject(failure);
      else resolve({ code: code ?? 1, output, milliseconds: performance.now() - start });
    });
  });
}
