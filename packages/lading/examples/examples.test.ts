import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

// The examples that need nothing but themselves are run as they are, each in a folder of its own.
describe("the examples", () => {
  const home = process.cwd();
  let folder = "";

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lading-example-"));
    process.chdir(folder);
    vi.stubEnv("LADING_HOME", join(folder, "home"));
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    process.chdir(home);
    await rm(folder, { recursive: true, force: true });
  });

  /** What an example prints. */
  async function output(load: () => Promise<unknown>): Promise<string> {
    const lines: string[] = [];
    const print = (...parts: unknown[]): void => {
      lines.push(parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" "));
    };
    vi.spyOn(console, "log").mockImplementation(print);
    vi.spyOn(console, "error").mockImplementation(print);
    vi.spyOn(console, "table").mockImplementation(print);
    await load();
    return lines.join("\n");
  }

  test("quick start: what was loaded is read back", async () => {
    expect(await output(() => import("./01-quick-start.ts"))).toContain(
      "Bell Rock shines from 28 m\nTower of Hercules shines from 57 m",
    );
  });

  test("schema: a row that is not as it should be is named", async () => {
    expect(await output(() => import("./07-schema-and-contract.ts"))).toContain('Row 2 on page 1 of "parcels"');
  });

  test("merge: the newest row of each key", async () => {
    const said = await output(() => import("./08-merge.ts"));
    expect(said.split("\n").at(-1)).toBe(
      JSON.stringify([
        { id: 1, email: "ines@example.com", plan: "patron" },
        { id: 2, email: "otto@example.com", plan: "regular" },
        { id: 3, email: "mara@example.com", plan: "guest" },
      ]),
    );
  });

  test("dataset: tables, nested tables, and SQL", async () => {
    expect(await output(() => import("./09-dataset.ts"))).toBe(
      "Great Hall 2024-06-01T19:00:00.000Z\nSonata\nGreat Hall 9\nStudio 24",
    );
  });

  test("own destination: batches arrive, each with its number", async () => {
    const said = await output(() => import("./10-own-destination.ts"));
    expect(said).toMatch(/^POST \/lists\/guests 1\nPOST \/lists\/guests 2\n/);
    expect(said).toMatch(/into mailing \(http:[^]*guests {2}3 rows$/);
  });

  test("events: pages are told as they come", async () => {
    expect(await output(() => import("./11-watch-and-stop.ts"))).toMatch(/beats: 1000 rows[^]*1000 rows in \d+ ms/);
  });
});
