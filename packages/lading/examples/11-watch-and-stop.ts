// Everything that happens in a run is an event; a signal stops it cleanly, and the next run goes on.
import { pipeline, resource } from "lading";
import { duckdb } from "lading/destinations/duckdb";

const beats = resource("beats", async function* ({ signal }) {
  for (let beat = 1; beat <= 1000 && !signal.aborted; beat++) yield { beat, at: new Date() };
});

const drum = pipeline({ name: "drum", source: beats, destination: duckdb("drum.duckdb") });

const result = await drum.run({
  signal: AbortSignal.timeout(60_000),
  onEvent(event) {
    if (event.type === "page") console.log(`${event.resource}: ${event.totalRows} rows`);
    if (event.type === "migrated") {
      for (const { table, added } of event.changes) console.log(table, "has new columns:", added.join(", "));
    }
  },
});
console.log(`${result.resources["beats"]?.rows} rows in ${Math.round(result.milliseconds)} ms`);
