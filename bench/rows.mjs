const flatTables = (rows) => ({ orders: rows });
const nestedTables = (rows) => ({ orders: rows, orders__items: 3 * rows, orders__tags: 2 * rows });

/**
 * The shapes of the rows; about 307 and 648 bytes of JSON each, and the tables that `rows` of them become. `tiny` is ten
 * flat rows: what is measured is the start and the end of a process, and `runs` of it are needed to see it. `merge` is
 * nested rows that are merged into as many: what is measured begins at row `from`, so that the keys before it stay, the
 * others up to `rows` come again with other values, and the rest is new. `modes` are those of dlt that take part.
 */
export const shapes = {
  flat: { rows: 100_000, row: flat, tables: flatTables, modes: ["default", "parquet"] },
  nested: { rows: 50_000, row: nested, tables: nestedTables, modes: ["default", "parquet"] },
  tiny: { rows: 10, row: flat, tables: flatTables, modes: ["default", "parquet"], runs: 21 },
  merge: {
    rows: 50_000,
    row: nested,
    tables: (rows) => nestedTables(rows + mergeFrom(rows)),
    modes: ["parquet"],
    disposition: "merge",
    from: mergeFrom,
  },
};

/** Half of the keys are new. */
function mergeFrom(rows) {
  return Math.floor(rows / 2);
}

const statuses = ["approved", "declined", "pending", "refunded", "shipped"];

/** 14 columns: integers, two prices, a flag, two timestamps, texts, and one text that is mostly null. */
function flat(index, random) {
  const at = new Date(1_700_000_000_000 + index * 37_000).toISOString();
  return {
    id: index,
    order_number: `ORD-${String(index).padStart(9, "0")}`,
    status: statuses[index % statuses.length],
    email: `customer${index % 9973}@example.com`,
    phone: `+1303555${1000 + (index % 9000)}`,
    currency: "USD",
    total: Math.round(random() * 100_000) / 100,
    tax: Math.round(random() * 1000) / 100,
    quantity: 1 + (index % 7),
    is_test: index % 11 === 0,
    created_at: at,
    updated_at: at,
    campaign_id: index % 31,
    notes: index % 3 === 0 ? "gift wrap please" : null,
  };
}

/** The same with an address two objects deep, three lines of objects and two tags: three tables. */
function nested(index, random) {
  const line = (at) => ({
    sku: `sku-${(index + at) % 500}`,
    name: `Product ${(index + at) % 500}`,
    qty: 1 + ((index + at) % 3),
    price: Math.round(random() * 10_000) / 100,
  });
  return {
    ...flat(index, random),
    billing: {
      first_name: `Sam${index % 100}`,
      last_name: "Jones",
      address: { street: `${index % 999} Main St`, city: "Denver", zip: String(80_000 + (index % 999)), country: "US" },
    },
    items: [line(0), line(1), line(2)],
    tags: ["a", "b"],
  };
}

/** Numbers from 0 to 1 that are the same in every run (a linear congruential generator). */
export function steadyRandom(seed = 42) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
