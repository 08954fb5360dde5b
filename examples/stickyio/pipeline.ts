// Orders, products, customers, subscriptions and product bundles of a Sticky.io account, into a DuckDB file.
// After the first run only what changed is asked for. Address and credentials come from the settings: sources.stickyio.{base_url,api_username,api_password}.
import { pipeline } from "lading";
import { duckdb } from "lading/destinations/duckdb";
import { stickyio } from "@lading/connectors/stickyio";

export const stickyioPipeline = pipeline({
  name: "stickyio_pipeline",
  source: stickyio({ incremental: true }),
  destination: duckdb("stickyio.duckdb"),
  dataset: "stickyio_data",
});
