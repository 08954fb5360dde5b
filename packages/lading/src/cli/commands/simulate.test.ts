import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../main.ts";
import { testingHost } from "../testing-host.ts";

describe("simulate", () => {
  test("with an installation of the connectors that lacks files is CONNECTORS_MISSING", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "lading-simulate-"));
    try {
      const connectors = join(cwd, "node_modules", "@lading", "connectors");
      await mkdir(connectors, { recursive: true });
      await writeFile(join(cwd, "package.json"), "{}");
      await writeFile(
        join(connectors, "package.json"),
        JSON.stringify({ type: "module", exports: { "./stickyio/simulator": "./simulator.js" } }),
      );
      await writeFile(join(connectors, "simulator.js"), 'export { createSimulator } from "./gone.js";\n');
      const host = testingHost({ cwd });
      expect(await main(["simulate", "stickyio"], host)).toBe(2);
      expect(host.err()).toContain("✗ CONNECTORS_MISSING");
      expect(host.err()).toContain("npm install @lading/connectors");
    } finally {
      await rm(cwd, { recursive: true });
    }
  });
});
