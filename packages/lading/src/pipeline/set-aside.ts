import { join } from "node:path";
import { LadingError, type ErrorCode } from "../errors/index.ts";
import type { Disk } from "../load-package/disk.ts";
import type { WaitingPackage } from "../load-package/package-store.ts";
import { reasonFile, type SetAsideReason } from "../load-package/set-aside-reason.ts";

/** What will not go away by itself; where a database is down, locked or full, the package waits for it. */
const forGood: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "CONFLICT",
  "NULL_NOT_ALLOWED",
  "TABLE_CHANGED",
  "TABLE_TOO_WIDE",
  "DISPOSITION_UNSUPPORTED",
  "DESTINATION_FAILED",
  "PACKAGE_CORRUPT",
  "PACKAGE_ELSEWHERE",
]);

/** Whether a run that was asked to begin anew may pass over a package that failed so. */
export function maySetAside(error: unknown): error is LadingError {
  return LadingError.is(error) && forGood.has(error.code);
}

/**
 * Moves a sealed package out of the way, to `set-aside/<load id>` of the pipeline's folder, where a person may look at
 * it: nothing of it is deleted, and nothing of it will be loaded.
 *
 * @returns what to tell the user
 */
export async function setAside(
  disk: Disk,
  folder: string,
  { loadId, folder: own }: Pick<WaitingPackage, "loadId" | "folder">,
  { code, message }: SetAsideReason,
): Promise<string> {
  const target = setAsideFolder(folder, loadId);
  const reason: SetAsideReason = { code, message };
  await disk.makeFolder(join(folder, "set-aside"));
  await disk.replaceFile(join(own, reasonFile), `${JSON.stringify(reason, null, 2)}\n`);
  await disk.rename(own, target);
  return `The package ${loadId} of an earlier run was not loaded (${code}: ${message}). It is set aside in ${target}; the source is read again.`;
}

/** Where a package is that was set aside. `folder`: of the pipeline. */
export function setAsideFolder(folder: string, loadId: string): string {
  return join(folder, "set-aside", loadId);
}
