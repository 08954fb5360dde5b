import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const bench = join(import.meta.dirname, "../../../../bench");
const { memoryOf } = (await import(pathToFileURL(join(bench, "memory.mjs")).href)) as {
  readonly memoryOf: (pid: number) => number | undefined;
};

test.runIf(process.platform === "linux")("the memory of a contender is that of all its processes", async () => {
  // Each takes 100 MB beside what Node takes, and starts the next one; all end with their input.
  const program = `
    const taken = Buffer.alloc(100e6, 1);
    const left = Number(process.argv[1]);
    process.stdin.on("end", () => process.exit(taken.length > 0 ? 0 : 1)).resume();
    if (left === 0) process.stdout.write("ready");
    else require("child_process").spawn(process.execPath, ["-e", process.env.PROGRAM, left - 1], { stdio: "inherit" });
  `;
  const child = spawn(process.execPath, ["-e", program, "2"], {
    env: { ...process.env, PROGRAM: program },
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    await once(child.stdout, "data");
    expect(memoryOf(child.pid!)).toBeGreaterThan(3 * 120);
  } finally {
    child.stdin.end();
    await once(child, "close");
  }
  expect(memoryOf(child.pid!)).toBeUndefined();
});
