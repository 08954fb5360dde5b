import { test, expect } from "vitest";
import { pipeline, resource } from "../../src/index.ts";
import { postgres } from "../../src/destinations/postgres/index.ts";
import { mkdtempSync } from "node:fs";
const { startPostgres } = await import("../../../../scripts/lib/postgres-server.mjs" as string);
test("x", async () => {
const server = await startPostgres();
try {
  for (const strategy of ["append","replace","delete-insert","upsert","insert-only","scd2"]) {
    const wd = ["append","replace"].includes(strategy) ? strategy : { disposition: "merge", strategy };
    const home = mkdtempSync("/tmp/s9/pgh-");
    for (const round of [1,2]) {
      const r = resource({ name: "t", writeDisposition: wd as never, primaryKey: "id", columns: { b: { dataType: "binary" } } } as never, function* () {
        yield [{ id: 1, v: `a\tb"c\\d\n${round}`, x: 1.5, big: 9007199254740993n, when: "2024-01-02T03:04:05Z", items: [{ a: 1 }, { a: 2, tags: ["x"] }], b: new Uint8Array([1, 2, 255]), nothing: null, empty: "" }, { id: 1 + round, v: "z", x: 2, items: [] }];
      });
      const p = pipeline({ name: "p_" + strategy.replace("-", "_"), source: r, destination: postgres(server.url), workingFolder: home });
      console.log(strategy, String(await p.run()));
      if (round === 2) { for (const t of ["t","t__items"]) { for await (const row of p.dataset({integers:"bigint"}).table(t as never)) console.log(row); } }
    }
  }
} finally { await server.stop(); }
}, 90000);
