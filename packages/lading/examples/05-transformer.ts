// One resource made of the rows of another, four at a time.
import { pipeline, resource, transformer } from "lading";
import { duckdb } from "lading/destinations/duckdb";
import { HttpClient } from "lading/http";

const api = new HttpClient({ baseUrl: "https://museum.example/api/" });

// One page, to try it out: without addLimit() all of them are read.
const works = resource("works", ({ signal }) =>
  api.paginate<{ id: number; title: string; url: string }>("works", { dataSelector: "results", signal }),
).addLimit(1);

const details = transformer(
  { name: "details", from: works, primaryKey: "id", concurrency: 4 },
  async (work, { signal }) => {
    const response = await fetch(work.url, { signal });
    if (!response.ok) throw new Error(`${work.url} answered ${response.status}`);
    const { artist, year } = (await response.json()) as { artist: string; year: number };
    return { id: work.id, title: work.title, artist, year };
  },
);

await pipeline({ name: "museum", source: [works, details], destination: duckdb("museum.duckdb") }).run();
