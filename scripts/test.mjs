#!/usr/bin/env node
// `npm test`: sets a fresh clone up, runs the tests, and says as its last line `N passed, N failed`.
// Further arguments go to vitest: npm test -- packages/lading/src/http -t "Retry-After"
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "./lib/main.mjs";
import { readJson, root } from "./lib/project.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

await main(async (signal) => {
  await setup({ dev: true, signal });
  const folder = mkdtempSync(join(tmpdir(), "lading-test-"));
  try {
    const report = join(folder, "report.json");
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const options = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const { code } = await run([process.execPath, vitest, ...options, ...process.argv.slice(2)], {
      cwd: root,
      signal,
      seconds: 3600,
      show: true,
    });
    const { passed, failed } = count(existsSync(report) ? readJson(report) : undefined, code);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    return failed > 0 ? code || 1 : code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Counts tests; a file that could not be loaded counts as one that failed, and so does an error outside of all tests. */
function count(report, code) {
  if (report === undefined) return { passed: 0, failed: code === 0 ? 0 : 1 };
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = report.numFailedTests + broken;
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}
