import { existsSync } from "node:fs";

const nothing = { orders: 0, newest: "", changed: 0, newestOrders: [] };

/**
 * What the demo's database holds, read through the pipeline's own dataset. A file that is not there yet is empty.
 * @param {import("lading").Pipeline} pipeline
 * @param {string} file the database
 * @param {string} [since] the `newest` of an earlier look
 * @returns {Promise<{ orders: number, newest: string, changed: number, newestOrders: readonly Record<string, unknown>[] }>}
 *   `newest`: when an order changed last, as text; `changed`: how many orders changed since; `newestOrders`: those that
 *   changed last
 */
export async function readDemoData(pipeline, file, since = "") {
  if (!existsSync(file)) return nothing;
  const data = pipeline.dataset();
  try {
    const tables = await data.tables();
    // A first run that failed may have left a file without tables.
    if (!tables.includes("_dlt_loads") || !tables.includes("orders")) return nothing;
    const [{ newest, changed }] = await data.sql`
      select max(cast(updated_at__date as varchar)) as newest,
        count(*) filter (cast(updated_at__date as varchar) > ${since}) as changed
      from orders`.rows();
    const newestOrders = await data.sql`
      select cast(id as varchar) as id, first_name || ' ' || last_name as customer, order_total, order_status,
        cast(created_at__date as varchar)[:19] as created, cast(updated_at__date as varchar)[:19] as updated
      from orders order by updated_at__date desc, id desc limit 5`.rows();
    return { orders: await data.table("orders").count(), newest, changed, newestOrders };
  } finally {
    await data.close();
  }
}
