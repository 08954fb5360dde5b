import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { describeWithDlt } from "./with-dlt.ts";

const root = join(import.meta.dirname, "../../../..");
const page = readFileSync(join(root, "guides/taking-over.md"), "utf8");
const fence = (language: string): string => new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "m").exec(page)![1]!;
const run = promisify(execFile);

await describeWithDlt("the guide to taking over", ["1.31.0"], ({ executable, folder }) => {
  test("prints what it says, after dlt and before it", { timeout: 120_000 }, async () => {
    const cwd = folder();
    const env = {
      ...process.env,
      DLT_DATA_DIR: join(cwd, "dlt"),
      LADING_HOME: join(cwd, "home"),
      RUNTIME__DLTHUB_TELEMETRY: "false",
    };
    writeFileSync(join(cwd, "tickets.py"), fence("python"));
    writeFileSync(join(cwd, "tickets.ts"), fence("ts"));
    writeFileSync(join(cwd, "package.json"), `{ "type": "module" }`);
    mkdirSync(join(cwd, "node_modules"));
    symlinkSync(join(root, "packages/lading"), join(cwd, "node_modules/lading"), "junction");
    const python = () => run(executable("1.31.0"), ["tickets.py"], { cwd, env });
    await python();
    const lading = await run(process.execPath, [join(root, "node_modules/jiti/lib/jiti-cli.mjs"), "tickets.ts"], {
      cwd,
      env: { ...env, NODE_OPTIONS: "--conditions=source" },
    });
    expect(lading.stdout).toBe(fence("text"));
    // Its rows are known by now: dlt takes none of them, and so has nothing to load.
    await python();
    rmSync(join(cwd, "dlt"), { recursive: true, force: true });
    await python();
    const counts = await run(
      executable("1.31.0"),
      [
        "-c",
        "import duckdb; c = duckdb.connect('support.duckdb'); print(c.sql('select id, updated_at::date::varchar from desk.tickets order by id').fetchall(), c.sql('select count(*) from desk._dlt_loads').fetchall())",
      ],
      { cwd, env },
    );
    expect(counts.stdout.trim()).toBe("[(1, '2024-05-02'), (2, '2024-05-01')] [(2,)]");
  });
});
