import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    // Small machines do other things too: what takes a second may take ten there.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Much of the time a test waits for a disk or a process: a small machine has room for two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    include: ["packages/*/{src,test,examples}/**/*.test.ts"],
    typecheck: { enabled: true, include: ["packages/*/test/**/*.test-d.ts"], tsconfig: "tsconfig.json" },
    coverage: { provider: "v8", include: ["packages/*/src/**"] },
  },
});
