import { join } from "node:path";
import { mask } from "../config/mask.ts";
import { LadingError, type ErrorCode } from "../errors/index.ts";
import { failureFile, failureFromText, type PackageFailure } from "../load-package/package-failure.ts";
import type { Job } from "./job.ts";

/** What says nothing of the package. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["ABORTED", "PIPELINE_LOCKED"]);

/** What is known of earlier attempts to load a package. `folder`: of the package. */
export async function failureOf({ disk }: Pick<Job, "disk">, folder: string): Promise<PackageFailure | undefined> {
  try {
    const text = await disk.readText(join(folder, failureFile));
    return text === undefined ? undefined : failureFromText(text);
  } catch {
    // It helps people, and nothing hangs on it.
    return undefined;
  }
}

/** Keeps in a package why it could not be loaded. The error that is under way matters more than one that comes here. */
export async function noteFailure(job: Job, folder: string, error: unknown): Promise<void> {
  if (LadingError.is(error) && passing.has(error.code)) return;
  const before = await failureOf(job, folder);
  const lastAt = new Date(job.now()).toISOString();
  const failure: PackageFailure = {
    code: LadingError.is(error) ? error.code : "UNKNOWN",
    message: mask(error instanceof Error ? error.message : String(error), job.config.secrets),
    attempts: (before?.attempts ?? 0) + 1,
    firstAt: before?.firstAt ?? lastAt,
    lastAt,
  };
  try {
    await job.disk.putFile(join(folder, failureFile), `${JSON.stringify(failure, null, 2)}\n`);
  } catch {
    // See above.
  }
}

/** An earlier failure in a few words, for messages. */
export function failureText({ attempts, code, message }: PackageFailure): string {
  const times = attempts === 1 ? "once" : `${attempts} times`;
  return `It could not be loaded ${times}, the last time because of ${code}: ${message}`;
}
