// Orders, products, customers, subscriptions and product bundles of a Sticky.io account, into a PostgreSQL database.
// After the first run only what changed is asked for. Address and credentials come from the settings: sources.stickyio.{base_url,api_username,api_password}
// and destination.postgres.credentials.
import { pipeline } from "lading";
import { postgres } from "lading/destinations/postgres";
import { stickyio } from "@lading/connectors/stickyio";

export const stickyioPipeline = pipeline({
  name: "stickyio_pipeline",
  source: stickyio({ incremental: true }),
  destination: postgres(),
  dataset: "stickyio_data",
});
