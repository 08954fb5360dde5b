import { readdirSync, readFileSync } from "node:fs";

/** Ticks a second, on all Linux systems that Node runs on. */
const ticks = 100;

/**
 * Seconds that a PostgreSQL server has computed so far, with all that it started, what has ended included.
 * @param {number} backend a process of the server
 * @returns {number | undefined} undefined on other systems than Linux
 */
export function cpuOfServer(backend) {
  if (process.platform !== "linux") return undefined;
  const { parent: postmaster } = statOf(backend);
  for (;;) {
    const { ended } = statOf(postmaster);
    const sum = cpuOfChildren(postmaster);
    // Whoever ends meanwhile is counted by his parent from then on.
    const now = statOf(postmaster);
    if (now.ended === ended) return (sum + now.own + ended) / ticks;
  }
}

function cpuOfChildren(postmaster) {
  let sum = 0;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statIfThere(name);
    if (stat?.parent === postmaster) sum += stat.own + stat.ended;
  }
  return sum;
}

function statIfThere(pid) {
  try {
    return statOf(pid);
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ESRCH") return undefined;
    throw error;
  }
}

function statOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name stands in brackets and may hold anything; after it come the state and the parent.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const number = (index) => Number(fields[index]);
  return { parent: number(1), own: number(11) + number(12), ended: number(13) + number(14) };
}
