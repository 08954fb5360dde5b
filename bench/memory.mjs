import { readdirSync, readFileSync } from "node:fs";

/**
 * The most memory that a process and all that it started ever held, each for itself, in megabytes: the sum of their
 * VmHWM, for those that live. Pages that two of them share count twice.
 * @param {number} pid
 * @returns {number | undefined} undefined where the process is gone, or the system is not Linux
 */
export function memoryOf(pid) {
  if (process.platform !== "linux") return undefined;
  let kilobytes = 0;
  for (const one of treeOf(pid)) kilobytes += peakOf(one) ?? 0;
  return kilobytes === 0 ? undefined : Math.round(kilobytes / 1024);
}

/** A process, its children, and theirs. */
function treeOf(pid) {
  const found = [pid];
  for (const one of found) found.push(...childrenOf(one));
  return found;
}

/** A child belongs to the thread that started it. */
function childrenOf(pid) {
  const threads = ifThere(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  return threads.flatMap((thread) =>
    (ifThere(() => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8")) ?? "")
      .split(" ")
      .filter((text) => text !== "")
      .map(Number),
  );
}

function peakOf(pid) {
  const status = ifThere(() => readFileSync(`/proc/${pid}/status`, "utf8")) ?? "";
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes);
}

/** A process can end between two looks. */
function ifThere(read) {
  try {
    return read();
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ESRCH") return undefined;
    throw error;
  }
}
