// Reading what was loaded: tables and columns are known, also those of nested lists.
import { pipeline, resource } from "lading";
import { duckdb } from "lading/destinations/duckdb";

const concerts = resource({ name: "concerts", primaryKey: "id" }, [
  {
    id: 1,
    startsAt: new Date("2024-06-01T19:00:00Z"),
    hall: { name: "Great Hall" },
    seats: 1200,
    pieces: [{ title: "Overture", minutes: 9 }],
  },
  {
    id: 2,
    startsAt: new Date("2024-06-02T17:00:00Z"),
    hall: { name: "Studio" },
    seats: 80,
    pieces: [
      { title: "Nocturne", minutes: 5 },
      { title: "Sonata", minutes: 24 },
    ],
  },
]);

const season = pipeline({ name: "season", source: concerts, destination: duckdb("season.duckdb") });
await season.run();

// Nothing has to be closed: it is connected only while something is read.
const data = season.dataset();

const large = await data.table("concerts").where("seats", ">", 100).select("id", "hall__name", "starts_at").rows();
for (const concert of large) console.log(concert.hall__name, concert.starts_at.toISOString());

const longest = await data.table("concerts__pieces").orderBy("minutes", "desc").limit(1).rows();
console.log(longest[0]?.title);

// And there is always SQL: what stands in ${} becomes a parameter.
const least = 6;
const minutes = data.sql<{ hall: string; minutes: number }>`
  select c.hall__name as hall, sum(p.minutes) as minutes
  from concerts c join concerts__pieces p on p._dlt_parent_id = c._dlt_id
  where p.minutes >= ${least} group by 1 order by 1`;
for await (const row of minutes) console.log(row.hall, row.minutes);
