import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { chmod, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDisk, type DoStep } from "../../src/load-package/disk.ts";
import { page, resource, type Resource } from "../../src/resource/index.ts";
import { place } from "./place.ts";
import { generated, rowsOf } from "./rows-of.ts";

const isRoot = process.getuid?.() === 0;
const ids = "SELECT count(*), count(DISTINCT id), sum(id) FROM d.t";

describe("a working folder that cannot be", () => {
  test("because it is a file", async () => {
    await using p = await place();
    await writeFile(p.home, "");
    const error = await p.failure(rowsOf([{ id: 1 }]));
    expect(error).toMatchObject({ code: "WORKING_FOLDER" });
    expect(error.hint).toContain("LADING_HOME");
    expect(await readdir(p.folder)).toEqual(["home"]);
    await rm(p.home);
    await p.run(rowsOf([{ id: 1 }]));
  });

  test.skipIf(process.platform !== "linux")("because nobody may write there", async () => {
    await using p = await place({ home: "../../../../../../../../../sys/lading" });
    expect(await p.failure(rowsOf([{ id: 1 }]))).toMatchObject({ code: "WORKING_FOLDER" });
  });

  test.skipIf(isRoot)("because this user may not write there (as root, permissions do not count)", async () => {
    await using p = await place();
    await mkdir(p.home, { mode: 0o500 });
    expect(await p.failure(rowsOf([{ id: 1 }]))).toMatchObject({ code: "WORKING_FOLDER" });
    await chmod(p.home, 0o700);
    await p.run(rowsOf([{ id: 1 }]));
  });
});

/** Five pages, and where to go on after each. */
function fivePages(seen: number[]): Resource {
  return resource("t", async function* ({ position }) {
    for (let n = typeof position === "number" ? position : 0; n < 5; n++) {
      seen.push(n);
      const rows = Array.from({ length: 200 }, (_, i) => ({ id: n * 200 + i, text: "x".repeat(1000) }));
      yield page({ rows, position: n + 1 });
    }
  });
}
const whole = [["1000", "1000", "499500"]];

describe("a disk that fills", () => {
  test("at whichever write: the rows that were read stay, and no row is lost or doubled afterwards", async () => {
    await using counting = await place();
    let writes = 0;
    const count: DoStep = async (step, _path, action) => {
      if (step === "write") writes++;
      await action();
    };
    await counting.run(fivePages([]), { disk: createDisk({ doStep: count }) });
    expect(writes).toBeGreaterThan(4);
    for (let full = 1; full <= writes; full++) {
      await using p = await place();
      let done = 0;
      const fill: DoStep = async (step, _path, action) => {
        if (step === "write" && ++done >= full) throw Object.assign(new Error("full"), { code: "ENOSPC" });
        await action();
      };
      const disk = createDisk({ doStep: fill });
      if (full === writes) {
        const { warnings } = await p.run(fivePages([]), { disk });
        expect(warnings, "the last thing to be written is what the run did").toEqual([
          expect.stringContaining("could not be kept for lastRun()"),
        ]);
      } else {
        const error = await p.failure(fivePages([]), { disk });
        expect(error, `write ${full}`).toMatchObject({ code: "DISK_FULL", transient: true });
        await p.run(fivePages([]));
      }
      expect(await p.sql(ids), `write ${full}`).toEqual(whole);
    }
  });
});

const canMount = isRoot && process.platform === "linux" && tryMount();

describe.skipIf(!canMount)("a small file system (only root can mount one)", () => {
  // Without a limit: what is free is less than any that makes sense.
  const anyDisk = { minFreeDisk: 0 };
  let small: string;
  beforeAll(() => {
    small = mkdtempSync(join(tmpdir(), "lading-small-"));
    mount(small, "3m");
  });
  afterAll(() => {
    execFileSync("umount", [small]);
    rmSync(small, { recursive: true });
  });
  /** Rows that neither pack well nor fit into three megabytes. */
  const many = Array.from({ length: 40_000 }, (_, id) => ({
    id,
    a: ((id * 2_654_435_761) % 1e9).toString(36).repeat(12),
  }));

  test("full while rows are read: nothing is loaded, and with room the run goes on", async () => {
    await using p = await place({ home: join("..", small.slice(tmpdir().length + 1)) });
    await p.run(rowsOf([{ id: -1 }]), anyDisk);
    expect(await p.failure(rowsOf(many), anyDisk)).toMatchObject({ code: "DISK_FULL" });
    expect(await p.sql("SELECT id FROM d.t")).toEqual([["-1"]]);
    execFileSync("mount", ["-o", "remount,size=64m", small]);
    await p.run(rowsOf(many), anyDisk);
    expect(await p.sql("SELECT count(*) FROM d.t")).toEqual([["40001"]]);
    execFileSync("mount", ["-o", "remount,size=3m", small]);
  });

  test("full while DuckDB loads: the package is kept, what was there stays, and with room it is loaded", async () => {
    await using p = await place();
    const there = p.with({ destination: { path: join(small, "x.duckdb") } });
    await there.run(rowsOf([{ id: -1 }]));
    let reads = 0;
    const source = generated(() => (reads++, many));
    expect(await there.failure(source)).toMatchObject({ code: "DISK_FULL" });
    execFileSync("mount", ["-o", "remount,size=64m", small]);
    expect(await there.run(source)).toMatchObject({
      kind: "unfinished",
      loads: [{ tables: { t: { rows: 40_000, total: 40_001 } } }],
    });
    expect(reads).toBe(1);
  });

  test("made read-only: the database says so, and the package is kept", async () => {
    await using p = await place();
    const there = p.with({ destination: { path: join(small, "y.duckdb") } });
    let reads = 0;
    const source = generated(() => (reads++, execFileSync("mount", ["-o", "remount,ro", small]), [{ id: 1 }]));
    expect(await there.failure(source)).toMatchObject({ code: "DESTINATION_READ_ONLY" });
    execFileSync("mount", ["-o", "remount,rw", small]);
    expect((await there.run(source)).kind).toBe("unfinished");
    expect(reads).toBe(1);
  });
});

function mount(folder: string, size: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], { stdio: "ignore" });
}

function tryMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "lading-mount-"));
  try {
    mount(folder, "1m");
    execFileSync("umount", [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
