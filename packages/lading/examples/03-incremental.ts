// Only what is new: the cursor remembers how far the last run has read.
import { incremental, pipeline, resource } from "lading";
import { duckdb } from "lading/destinations/duckdb";
import { headerLink, HttpClient } from "lading/http";

interface Reading {
  readonly id: string;
  readonly station: string;
  readonly celsius: number;
  readonly measuredAt: string;
}

const api = new HttpClient({ baseUrl: "https://weather.example/api/" });

const readings = resource(
  {
    name: "readings",
    primaryKey: "id",
    writeDisposition: "merge",
    incremental: incremental("measuredAt", { initialValue: "2024-01-01T00:00:00Z" }),
  },
  // With the position, a run that was broken off goes on at its last page.
  ({ cursor, position, signal }) =>
    api.paginate<Reading>("readings", { params: { since: cursor.start }, paginator: headerLink(), position, signal }),
);

// The first run reads from 2024 on, every later one from where the last one ended.
await pipeline({ name: "weather", source: readings, destination: duckdb("weather.duckdb") }).run();
