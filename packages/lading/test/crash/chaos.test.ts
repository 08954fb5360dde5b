import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..", "..", "..");

test.each([
  ["merge", 9, []],
  ["scd2", 4, []],
  ["append", 4, ["--destination", "postgres", "--server-kills", "2"]],
] as const)(
  "killed at random instants of every phase, loads by %s lose nothing and double nothing",
  async (disposition, kills, more) => {
    const child = spawn(
      process.execPath,
      [
        join(root, "scripts", "chaos.mjs"),
        "--kills",
        String(kills),
        "--seed",
        "5",
        "--disposition",
        disposition,
        ...more,
      ],
      { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
    );
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(said).toMatch(new RegExp(`kills=${kills} lost=0 doubled=0\n$`));
    expect(code).toBe(0);
  },
  300_000,
);
