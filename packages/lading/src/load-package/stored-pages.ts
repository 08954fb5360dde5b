import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Disk } from "./disk.ts";
import type { JournalState } from "./journal.ts";

/** Of a draft. */
const pagesFolder = "pages";

/** The name of a page is the hash of its text: it tells damage, and the same page is written once. */
export function pageName(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** Where a page is, below the draft's folder. */
export function pagePath(name: string): string {
  return `${pagesFolder}/${name}.json`;
}

/** The names of the pages that a journal needs. */
export function pagesIn(journal: JournalState): Set<string> {
  return new Set([...journal.resources.values()].flatMap(({ inside = [] }) => inside.map(({ page }) => page)));
}

/** Writes pages of these names; they are durable when it returns. */
export async function writePages(disk: Disk, folder: string, pages: ReadonlyMap<string, string>): Promise<void> {
  if (pages.size === 0) return;
  await disk.makeFolder(join(folder, pagesFolder));
  for (const [name, text] of pages) await disk.replaceFile(join(folder, pagePath(name)), text);
}

/** The text of a page, or `undefined` where it is missing or damaged. */
export async function readPage(disk: Disk, folder: string, name: string): Promise<string | undefined> {
  const text = await disk.readText(join(folder, pagePath(name)));
  return text !== undefined && pageName(text) === name ? text : undefined;
}

/** Removes all pages, and what a crash has left of others. */
export async function removePages(disk: Disk, folder: string): Promise<void> {
  const path = join(folder, pagesFolder);
  if ((await disk.lengthOf(path)) !== undefined) await disk.remove(path);
}
