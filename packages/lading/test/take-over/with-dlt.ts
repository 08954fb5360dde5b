import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { startDlt, type PythonDlt } from "./python-dlt.ts";
import { pythonWithDlt } from "./python-environment.ts";

/** What the tests of a file share. */
export interface WithDlt<Version extends string> {
  /** The process of each version, from the first test on. */
  readonly dlt: (version: Version) => PythonDlt;
  /** Its Python. */
  readonly executable: (version: Version) => string;
  /** A folder that is empty. */
  readonly folder: () => string;
}

/**
 * A `describe` whose tests have the real dlt, in as many versions. Where one cannot be had, they are skipped, and one
 * line says why; with `LADING_TEST_DLT=required` that is an error instead.
 */
export async function describeWithDlt<Version extends string>(
  title: string,
  versions: readonly Version[],
  tests: (shared: WithDlt<Version>) => void,
): Promise<void> {
  const { env } = process;
  const note = (line: string): void => void process.stderr.write(`${line}\n`);
  const found = await Promise.all(
    versions.map(async (version) => ({ version, ...(await pythonWithDlt(version, { env, note })) })),
  );
  const reasons = [...new Set(found.flatMap(({ reason }) => reason ?? []))];
  if (reasons.length > 0) {
    const line = `The tests "${title}" need Python with dlt ${versions.join(" and ")}: ${reasons.join("; ")}.`;
    if (env["LADING_TEST_DLT"] === "required") throw new Error(line);
    note(`\n⚠ SKIPPED: ${line}\n`);
  }

  describe.skipIf(reasons.length > 0)(`with the real dlt: ${title}`, () => {
    const started = new Map<string, PythonDlt>();
    let work = "";
    let folders = 0;
    beforeAll(async () => {
      work = mkdtempSync(join(tmpdir(), "lading-take-over-"));
      await Promise.all(
        found.map(async ({ version, executable }) => {
          const home = join(work, version);
          mkdirSync(home);
          started.set(version, await startDlt(executable!, home));
        }),
      );
    }, 120_000);
    afterAll(async () => {
      for (const process of started.values()) await process[Symbol.asyncDispose]();
      rmSync(work, { recursive: true, force: true });
    });
    tests({
      dlt: (version) => started.get(version)!,
      executable: (version) => found.find((one) => one.version === version)!.executable!,
      folder() {
        const folder = join(work, `sequence-${folders++}`);
        mkdirSync(folder);
        return folder;
      },
    });
  });
}
