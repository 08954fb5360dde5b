import { shapes, steadyRandom } from "../rows.mjs";

/** One row of sums, which PostgreSQL and DuckDB count alike. Instants are whole seconds, prices whole cents. */
export const checksumSql = (table) => `
  SELECT count(*), sum(id), sum(CAST(round(total * 100) AS bigint)), sum(CAST(round(tax * 100) AS bigint)), sum(quantity),
    sum(campaign_id), count(notes), count(CASE WHEN is_test THEN 1 END), count(DISTINCT email), count(DISTINCT phone),
    sum(length(order_number) + length(status) + length(email) + length(phone) + length(currency)),
    sum(CAST(extract(epoch FROM created_at) AS bigint)), sum(CAST(extract(epoch FROM updated_at) AS bigint)),
    min(order_number), max(order_number)
  FROM ${table}`;

/** The same of the rows that `server.mjs` sends. */
export function checksumOfRows(count) {
  const random = steadyRandom();
  const sums = Array(10).fill(0n);
  const emails = new Set();
  const phones = new Set();
  const numbers = [];
  for (let index = 0; index < count; index++) {
    const row = shapes.flat.row(index, random);
    const texts = row.order_number + row.status + row.email + row.phone + row.currency;
    const seconds = Date.parse(row.created_at) / 1000;
    const values = [1, row.id, Math.round(row.total * 100), Math.round(row.tax * 100), row.quantity, row.campaign_id];
    const flags = [row.notes === null ? 0 : 1, row.is_test ? 1 : 0];
    for (const [at, value] of [...values, ...flags, texts.length, seconds].entries()) sums[at] += BigInt(value);
    emails.add(row.email);
    phones.add(row.phone);
    if (index === 0 || index === count - 1) numbers.push(row.order_number);
  }
  const [texts, seconds] = sums.slice(8);
  return [...sums.slice(0, 8), emails.size, phones.size, texts, seconds, seconds, numbers[0], numbers.at(-1)].map(
    String,
  );
}
