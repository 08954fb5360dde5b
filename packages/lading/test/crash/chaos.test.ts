import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..", "..", "..");

test("killed at random instants of every phase, loads lose nothing and double nothing", async () => {
  const child = spawn(
    process.execPath,
    [join(root, "scripts", "chaos.mjs"), "--kills", "9", "--seed", "5", "--disposition", "merge"],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(said).toMatch(/kills=9 lost=0 doubled=0\n$/);
  expect(code).toBe(0);
}, 180_000);
