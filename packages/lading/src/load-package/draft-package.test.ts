import { mkdtemp, readFile, readdir, rm, appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDisk } from "./disk.ts";
import type { DraftHeader } from "./draft-header.ts";
import { DraftPackage } from "./draft-package.ts";
import type { RowFile } from "./row-file.ts";
import { pageName } from "./stored-pages.ts";

const header: DraftHeader = {
  format: 1,
  pipeline: "p",
  createdAt: "2026-01-01T00:00:00.000Z",
  fingerprint: "f",
  schema: "{}",
  state: "{}",
  base: { stateVersion: undefined, stateHash: undefined, schemaHash: undefined },
};
const disk = createDisk();
let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "lading-draft-")), "draft");
});
afterEach(() => rm(join(folder, ".."), { recursive: true, force: true }));

function addRow(file: RowFile, ...cells: readonly string[]): void {
  for (const cell of cells) file.buffer.text(cell);
  file.buffer.endRow();
}

const progress = (pages: number) => ({
  resources: { r: { finished: false, pages, rows: pages, bytes: 0, position: pages + 1 } },
});

async function rowsOf(draft: DraftPackage): Promise<string> {
  const texts = await Promise.all(draft.parts().map((part) => readFile(join(folder, part.path), "utf8")));
  return texts.join("");
}

test("after a crash counts what stands before the last checkpoint, and nothing else", async () => {
  const draft = await DraftPackage.create(folder, header, { disk });
  const file = draft.file("r", "t");
  file.slotOf("_dlt_id");
  addRow(file, "one");
  await (
    await draft.checkpoint(progress(1), "")
  ).durable;
  addRow(file, "two");
  await draft.write(0);
  await appendFile(join(folder, "journal.jsonl"), '0123456789abcdef {"at":"torn');

  const left = await DraftPackage.open(folder, { disk });
  expect(left!.journal.resources.get("r")?.position).toBe(2);
  expect(await rowsOf(left!.draft)).toBe("one\n");
  expect(await readFile(join(folder, "journal.jsonl"), "utf8")).not.toContain("torn");

  const again = left!.draft.file("r", "t");
  again.slotOf("_dlt_id");
  addRow(again, "two");
  await (
    await left!.draft.checkpoint(progress(2), "")
  ).durable;
  await left!.draft.close();
  expect(await rowsOf(left!.draft)).toBe("one\ntwo\n");
});

test("begins a new part for columns that come after rows were written", async () => {
  const draft = await DraftPackage.create(folder, header, { disk });
  const file = draft.file("r", "t");
  file.slotOf("a");
  addRow(file, "1");
  await draft.write(0);
  file.slotOf("b");
  addRow(file, "2", "x");
  await draft.write(0);
  await draft.close();
  expect(draft.parts().map((part) => [part.columns, part.rows])).toEqual([
    [["a"], 1],
    [["a", "b"], 1],
  ]);
});

test("begins a new part after eight megabytes", async () => {
  const draft = await DraftPackage.create(folder, header, { disk });
  const file = draft.file("r", "t");
  file.slotOf("a");
  for (let megabyte = 0; megabyte < 9; megabyte++) {
    for (let i = 0; i < 16; i++) addRow(file, "x".repeat(65_535));
    await draft.write();
  }
  await draft.close();
  expect(draft.parts().map((part) => part.bytes)).toEqual([8_388_608, 1_048_576]);
  expect(draft.bytes).toBe(9_437_184);
});

test("files that are full wait for the next checkpoint to be synced, but not all that a fast source can fill", async () => {
  let syncs = 0;
  const counting = createDisk({
    doStep(step, path, action) {
      if (step === "sync" && path.endsWith(".tsv")) syncs++;
      return action();
    },
  });
  const draft = await DraftPackage.create(folder, header, { disk: counting, partBytes: 1 });
  const file = draft.file("r", "t");
  file.slotOf("a");
  const fill = async (rows: number): Promise<void> => {
    for (let i = 0; i < rows; i++) {
      addRow(file, "x");
      await draft.write();
    }
  };
  await fill(33);
  expect(syncs).toBe(0);
  expect(draft.filled).toBe(32);
  expect(draft.parts().map(({ path }) => draft.isFinished(path))).toEqual([...Array<boolean>(32).fill(true), false]);
  await fill(10);
  expect(syncs).toBe(10);
  const { durable } = await draft.checkpoint(progress(1), "");
  await fill(1);
  await durable;
  expect(syncs).toBe(43);
  await draft.abandon();

  const left = await DraftPackage.open(folder, { disk });
  expect(await rowsOf(left!.draft)).toBe("x\n".repeat(43));
  await left!.draft.abandon();
});

test("takes back the rows of one resource and keeps those of the others", async () => {
  const draft = await DraftPackage.create(folder, header, { disk });
  for (const resource of ["r", "s"]) {
    const file = draft.file(resource, "t");
    file.slotOf("a");
    addRow(file, resource);
  }
  await (
    await draft.checkpoint({}, "")
  ).durable;
  await draft.dropRows("r");
  await (
    await draft.checkpoint({ dropped: ["r"] }, "")
  ).durable;
  await draft.close();
  expect(await rowsOf(draft)).toBe("s\n");
  const { journal } = (await DraftPackage.open(folder, { disk }))!;
  expect([...journal.parts.values()].map((part) => part.resource)).toEqual(["s"]);
});

test("makes safe file names of any table's name, for this user only", async () => {
  const draft = await DraftPackage.create(folder, header, { disk });
  for (const table of ["../../etc", "Ünïcode ▶", "x".repeat(300), "CON"]) {
    const file = draft.file("r/../s", table);
    file.slotOf("a");
    addRow(file, table);
  }
  await draft.write(0);
  await draft.close();
  const names = await readdir(join(folder, "rows"), { recursive: true });
  expect(names).toHaveLength(5);
  expect(await rowsOf(draft)).toBe(`../../etc\nÜnïcode ▶\n${"x".repeat(300)}\nCON\n`);
});

test("says which folder cannot be read", async () => {
  await (await DraftPackage.create(folder, header, { disk })).close();
  await disk.replaceFile(join(folder, "draft.json"), "{");
  await expect(DraftPackage.open(folder, { disk })).rejects.toMatchObject({
    code: "PACKAGE_CORRUPT",
    details: { folder },
  });
});

test("a journal stays short, however many checkpoints there are, and says the same", async () => {
  const draft = await DraftPackage.create(folder, header, { disk });
  const position = "x".repeat(300_000);
  for (let n = 1; n <= 20; n++) {
    const resources = { r: { finished: false, pages: n, rows: n, bytes: 0, position: `${position}${n}` } };
    await (
      await draft.checkpoint({ resources }, "")
    ).durable;
  }
  expect((await readFile(join(folder, "journal.jsonl"))).length).toBeLessThan(4_500_000);
  await draft.abandon();
  const left = await DraftPackage.open(folder, { disk });
  expect(left!.journal.resources.get("r")).toMatchObject({ pages: 20, position: `${position}20` });
  await left!.draft.abandon();
});

test("keeps the pages that the journal needs, and no other", async () => {
  const draft = await DraftPackage.create(folder, header, { disk });
  const texts = ["[1]", "[2]"];
  const [one, two] = texts.map(pageName) as [string, string];
  const pages = new Map(texts.map((text) => [pageName(text), text]));
  const inside = (...names: readonly string[]) => ({
    resources: {
      r: { ...progress(1).resources.r, inside: names.map((name) => ({ page: name, child: "c", at: null })) },
    },
  });
  const kept = async (): Promise<string[]> => (await readdir(join(folder, "pages"))).toSorted();
  await (
    await draft.checkpoint(inside(one, two), "", new Set(), pages)
  ).durable;
  expect(await kept()).toEqual([`${one}.json`, `${two}.json`].toSorted());
  await (
    await draft.checkpoint(inside(two), "")
  ).durable;
  expect(await kept()).toEqual([`${two}.json`]);
  await draft.abandon();

  const left = (await DraftPackage.open(folder, { disk }))!;
  expect(left.journal.resources.get("r")?.inside).toEqual([{ page: two, child: "c", at: null }]);
  expect(await left.draft.page(two)).toBe("[2]");
  await expect(left.draft.page(one)).rejects.toMatchObject({ code: "PACKAGE_CORRUPT" });
  await left.draft.abandon();
  await disk.replaceFile(join(folder, "pages", `${two}.json`), "[3]");
  await expect(DraftPackage.open(folder, { disk })).rejects.toMatchObject({
    code: "PACKAGE_CORRUPT",
    details: { folder },
  });
});

test("is left without pages when it is closed, whatever a crash has left of them", async () => {
  const draft = await DraftPackage.create(folder, header, { disk });
  await disk.makeFolder(join(folder, "pages"));
  await disk.replaceFile(join(folder, "pages", "torn.json"), "[");
  await draft.close();
  expect(await readdir(folder)).not.toContain("pages");
});
