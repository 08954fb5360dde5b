// Loads the table shop.orders of the server in the first argument: into the DuckDB file in the second one, else into the
// server of the setting `destination.postgres.credentials`.
import { pipeline } from "lading";
import { sqlTable } from "lading/sources/sql-database";

const [credentials, file] = process.argv.slice(2);
// Only the driver that is needed is loaded.
const destination =
  file === undefined
    ? (await import("lading/destinations/postgres")).postgres()
    : (await import("lading/destinations/duckdb")).duckdb({ path: file });
const source = sqlTable({ credentials, schema: "shop", table: "orders" });
await pipeline({ name: "bench", source, destination, dataset: "bench_data" }).run();
