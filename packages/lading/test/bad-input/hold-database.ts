import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../../..");

/** Another process that has a database file open. */
export interface Holder {
  readonly pid: number;
  release(): Promise<void>;
}

export async function holdDatabase(file: string): Promise<Holder> {
  const script = `
    const { DuckDBInstance } = require("@duckdb/node-api");
    DuckDBInstance.create(${JSON.stringify(file)}).then(() => {
      console.log("held");
      process.stdin.on("end", () => process.exit(0)).resume();
    });`;
  const child = spawn(process.execPath, ["-e", script], { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  const exit = once(child, "exit");
  await Promise.race([once(child.stdout, "data"), exit.then(() => Promise.reject(new Error("the holder ended")))]);
  return {
    pid: child.pid!,
    async release() {
      child.stdin.end();
      await exit;
    },
  };
}
