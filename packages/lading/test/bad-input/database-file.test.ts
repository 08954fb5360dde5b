import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/errors/index.ts";
import { place, type Place } from "./place.ts";
import { rowsOf, rowsWhile } from "./rows-of.ts";

const isRoot = process.getuid?.() === 0;
const ids = "SELECT id FROM d.t ORDER BY id";

/** What happens to the file, and what the run then says. */
const damages: readonly (readonly [
  what: string,
  code: ErrorCode,
  says: RegExp,
  damage: (p: Place) => Promise<void>,
])[] = [
  ["random bytes", "DESTINATION_CORRUPT", /no DuckDB database/, (p) => writeFile(p.file, "no database".repeat(5000))],
  ["an empty file", "DESTINATION_CORRUPT", /empty file/, (p) => writeFile(p.file, "")],
  ["a few bytes", "DESTINATION_CORRUPT", /no DuckDB database/, (p) => writeFile(p.file, "DUCK")],
  [
    "a SQLite database",
    "DESTINATION_CORRUPT",
    /SQLite/,
    (p) => writeFile(p.file, `SQLite format 3\0${"x".repeat(5000)}`),
  ],
  ["a database cut in its header", "DESTINATION_CORRUPT", /damaged/, (p) => truncate(p.file, 3000)],
  ["a database cut behind its header", "DESTINATION_CORRUPT", /damaged/, (p) => truncate(p.file, 13_000)],
  ["a database with flipped bits", "DESTINATION_CORRUPT", /damaged/, flipBits],
  ["a database of a newer DuckDB", "DESTINATION_NEWER", /another version/, (p) => setStorageVersion(p.file, 999)],
  ["a folder", "DESTINATION_PATH", /is a folder/, (p) => rm(p.file).then(() => mkdir(p.file))],
];

describe.each(damages)("%s in place of the database", (_, code, says, damage) => {
  test("is refused before anything is read, and left as it is", async () => {
    await using p = await loaded();
    await damage(p);
    let reads = 0;
    const source = rowsWhile([{ id: 2 }], () => reads++);
    const error = await p.failure(source);
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) as string, transient: false });
    expect(error.message).toContain(p.file);
    expect(reads).toBe(0);
    await mend(p);
    expect((await p.run(source)).kind).toBe("new");
    expect(await p.sql(ids)).toEqual([["1"], ["2"]]);
  });

  test("found at the load keeps the package, and the next run loads it", async () => {
    await using p = await loaded();
    let reads = 0;
    const source = rowsWhile([{ id: 2 }], () => (reads++, damage(p)));
    expect(await p.failure(source)).toMatchObject({ code });
    await mend(p);
    expect(await p.sql(ids)).toEqual([["1"]]);
    expect((await p.run(source)).kind).toBe("unfinished");
    expect(reads).toBe(1);
    expect(await p.sql(ids)).toEqual([["1"], ["2"]]);
  });
});

describe("a path", () => {
  test("with a missing folder is refused: a slip must not put data where nobody looks", async () => {
    await using p = await place({ file: "data/x.duckdb" });
    const error = await p.failure(rowsOf([{ id: 1 }]));
    expect(error).toMatchObject({ code: "DESTINATION_PATH" });
    expect(error.message).toContain(join(p.folder, "data"));
    expect(error.hint).toContain("mkdir");
    await mkdir(join(p.folder, "data"));
    await p.run(rowsOf([{ id: 1 }]));
  });

  test("through a file is refused", async () => {
    await using p = await place({ file: "data/x.duckdb" });
    await writeFile(join(p.folder, "data"), "");
    expect(await p.failure(rowsOf([{ id: 1 }]))).toMatchObject({ code: "DESTINATION_PATH" });
  });

  test("that is too long is refused", async () => {
    await using p = await place({ file: `${"x".repeat(300)}.duckdb` });
    expect(await p.failure(rowsOf([{ id: 1 }]))).toMatchObject({ code: "DESTINATION_PATH" });
  });

  test("to a device is refused", async () => {
    await using p = await place();
    const device = p.with({ destination: { path: "/dev/null" } });
    expect(await device.failure(rowsOf([{ id: 1 }]))).toMatchObject({ code: "DESTINATION_PATH" });
  });

  test("that is a link means the file it leads to, which two pipelines may share", async () => {
    await using p = await loaded();
    await symlink(p.file, join(p.folder, "link.duckdb"));
    const linked = p.with({ name: "q", file: "link.duckdb" });
    await Promise.all([p.run(rowsOf([{ id: 2 }])), linked.run(rowsOf([{ id: 3 }]))]);
    expect(await p.sql(ids)).toEqual([["1"], ["2"], ["3"]]);
  });
});

describe("a database that was deleted between runs", () => {
  test("is made anew, with what comes from now on", async () => {
    await using p = await loaded();
    await rm(p.file);
    expect((await p.run(rowsOf([{ id: 2 }]))).kind).toBe("new");
    expect(await p.sql(ids)).toEqual([["2"]]);
  });

  test("gets the package that was waiting", async () => {
    await using p = await loaded();
    const source = rowsWhile([{ id: 2 }], () => writeFile(p.file, ""));
    expect(await p.failure(source)).toMatchObject({ code: "DESTINATION_CORRUPT" });
    await rm(p.file);
    expect((await p.run(source)).kind).toBe("unfinished");
    expect(await p.sql(ids)).toEqual([["2"]]);
  });
});

describe("a database that may not be written", () => {
  test.skipIf(isRoot)("a file and a folder without permission (as root, permissions do not count)", async () => {
    await using p = await loaded();
    await chmod(p.file, 0o400);
    expect(await p.failure(rowsOf([{ id: 2 }]))).toMatchObject({ code: "DESTINATION_READ_ONLY" });
    await chmod(p.file, 0o600);
    await mkdir(join(p.folder, "locked"), { mode: 0o500 });
    expect(await p.with({ file: "locked/x.duckdb" }).failure(rowsOf([{ id: 2 }]))).toMatchObject({
      code: "DESTINATION_READ_ONLY",
    });
    await p.run(rowsOf([{ id: 2 }]));
    expect(await p.sql(ids)).toEqual([["1"], ["2"]]);
  });

  test.skipIf(process.platform !== "linux")("a folder that takes no files from anyone", async () => {
    await using p = await place();
    const error = await p.with({ destination: { path: "/sys/x.duckdb" } }).failure(rowsOf([{ id: 2 }]));
    expect(error).toMatchObject({ code: "DESTINATION_READ_ONLY" });
  });

  test.skipIf(!canMakeImmutable())("a file that is immutable (only root can make one)", async () => {
    await using p = await loaded();
    let reads = 0;
    const source = rowsWhile([{ id: 2 }], () => (reads++, chattr("+i", p.file)));
    try {
      expect(await p.failure(source)).toMatchObject({ code: "DESTINATION_READ_ONLY" });
    } finally {
      chattr("-i", p.file);
    }
    expect((await p.run(source)).kind).toBe("unfinished");
    expect(reads).toBe(1);
    expect(await p.sql(ids)).toEqual([["1"], ["2"]]);
  });
});

async function loaded(): Promise<Place> {
  const p = await place();
  await p.run(rowsOf([{ id: 1 }]));
  await copyFile(p.file, `${p.file}.copy`);
  return p;
}

/** The file from its copy. */
async function mend(p: Place): Promise<void> {
  await rm(p.file, { recursive: true, force: true });
  await rename(`${p.file}.copy`, p.file);
}

async function flipBits(p: Place): Promise<void> {
  const bytes = await readFile(p.file);
  for (let at = 4096; at < bytes.length; at += 50) bytes[at] = ~bytes[at]! & 0xff;
  await writeFile(p.file, bytes);
}

/**
 * Writes another storage version into a database's main header: bytes 12 to 19, little-endian. Bytes 0 to 7 are the
 * checksum of the other 4,088: 5381, xor each 64-bit word times a constant.
 */
async function setStorageVersion(file: string, version: number): Promise<void> {
  const bytes = await readFile(file);
  bytes.writeBigUInt64LE(BigInt(version), 12);
  let checksum = 5381n;
  for (let at = 8; at < 4096; at += 8) checksum ^= BigInt.asUintN(64, bytes.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n);
  bytes.writeBigUInt64LE(checksum, 0);
  await writeFile(file, bytes);
}

function canMakeImmutable(): boolean {
  if (!isRoot || process.platform !== "linux") return false;
  const folder = mkdtempSync(join(tmpdir(), "lading-immutable-"));
  const file = join(folder, "x");
  try {
    writeFileSync(file, "");
    chattr("+i", file);
    chattr("-i", file);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function chattr(flag: string, file: string): void {
  execFileSync("chattr", [flag, file], { stdio: "ignore" });
}
