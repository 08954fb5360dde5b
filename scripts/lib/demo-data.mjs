/** What an empty database holds. */
export const noDemoData = { rows: {}, orders: 0, newest: "", changed: 0, newestOrders: [] };

/**
 * What the demo's database holds, read through the pipeline's own dataset, in SQL that all destinations have.
 * @param {import("lading").Pipeline} pipeline
 * @param {string} [since] the `newest` of an earlier look
 * @returns {Promise<{ rows: Readonly<Record<string, number>>, orders: number, newest: string, changed: number, newestOrders: readonly Record<string, unknown>[] }>}
 *   `rows`: how many are in each table; `orders`: how many of them are orders; `newest`: when an order changed last, as
 *   text; `changed`: how many orders changed since; `newestOrders`: those that changed last
 */
export async function readDemoData(pipeline, since = "") {
  const data = pipeline.dataset();
  try {
    const tables = await data.tables();
    // A first run that failed may have left a database without tables.
    if (!tables.includes("_dlt_loads") || !tables.includes("orders")) return noDemoData;
    const rows = {};
    for (const table of tables) rows[table] = await data.table(table).count();
    const [{ newest, changed }] = await data.sql`
      select max(cast(updated_at__date as varchar)) as newest,
        count(*) filter (where cast(updated_at__date as varchar) > ${since}) as changed
      from orders`.rows();
    const newestOrders = await data.sql`
      select cast(id as varchar) as id, first_name || ' ' || last_name as customer, order_total, order_status,
        substring(cast(created_at__date as varchar), 1, 19) as created,
        substring(cast(updated_at__date as varchar), 1, 19) as updated
      from orders order by updated_at__date desc, id desc limit 5`.rows();
    return { rows, orders: rows.orders, newest, changed, newestOrders };
  } finally {
    await data.close();
  }
}
