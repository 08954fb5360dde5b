// A resource of one's own is a generator; filter and map make others of it.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { pipeline, resource } from "lading";
import { duckdb } from "lading/destinations/duckdb";

interface Crossing {
  readonly at: string;
  readonly bridge: string;
  readonly tonnes: number;
}

const crossings = resource({ name: "crossings", writeDisposition: "append" }, async function* () {
  const lines = createInterface({ input: createReadStream("crossings.ndjson.gz").pipe(createGunzip()) });
  for await (const line of lines) yield JSON.parse(line) as Crossing;
});

const heavy = crossings
  .filter(({ tonnes }) => tonnes > 40)
  .map(({ at, ...crossing }) => ({ ...crossing, at: new Date(at) }))
  .with({ name: "heavy_crossings" });

await pipeline({ name: "bridges", source: heavy, destination: duckdb("bridges.duckdb") }).run();
