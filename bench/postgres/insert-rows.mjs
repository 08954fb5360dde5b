// The least that a program can do to load the API in the first argument into the server in the second one: it asks for one
// page and inserts its rows, all of them or none.
import { get } from "node:http";
import pg from "pg";

const [api, server] = process.argv.slice(2);
const { data } = JSON.parse(await bodyOf(new URL("v2/orders", api)));
const client = new pg.Client(server);
await client.connect();
await client.query("BEGIN");
await client.query("CREATE SCHEMA bench_data");
await client.query(`CREATE TABLE bench_data.orders (
  id bigint, order_number text, status text, email text, phone text, currency text, total double precision,
  tax double precision, quantity bigint, is_test boolean, created_at timestamptz, updated_at timestamptz,
  campaign_id bigint, notes text
)`);
for (const row of data) {
  const values = Object.values(row);
  const places = values.map((_, at) => `$${at + 1}`).join(", ");
  await client.query(`INSERT INTO bench_data.orders VALUES (${places})`, values);
}
await client.query("COMMIT");
await client.end();

/** @returns {Promise<string>} */
function bodyOf(url) {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece) => (text += piece));
      response.on("end", () => resolve(text));
    }).on("error", reject);
  });
}
