import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sqlTable } from "../../src/sources/sql-database/index.ts";
import { postgresDatabase, withClient, type PostgresDatabase } from "../postgres/server.ts";
import { place } from "../sources/place.ts";

let server: PostgresDatabase;
beforeAll(async () => {
  server = await postgresDatabase();
});
afterAll(() => server.stop());

const quoted = (text: string): string => `'${text.replaceAll("'", "''").replaceAll("\0", "")}'`;
const oneOf = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }).map((one) => one.replaceAll(/\p{Surrogate}/gu, "?")),
  oneOf(
    "",
    " ",
    "\t",
    "\n",
    "\r\n",
    '"',
    '""',
    "\\.",
    "\\N",
    "\\x00",
    ",",
    "null",
    "NULL",
    "\ufeff",
    "😀",
    'a\tb"c\nd',
  ),
);
const moment = oneOf(
  "2024-02-29 23:59:59.999999",
  "0001-01-01 00:00:00",
  "9999-12-31 12:00:00.5",
  "1969-12-31 23:59:59",
  "2024-01-01",
);
const far = oneOf("infinity", "-infinity", "0044-03-15 00:00:00 BC", "20000-01-01 00:00:00");
const rare = <T>(usual: fc.Arbitrary<T>, unusual: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: unusual });

/** Types, and the literals of values. */
const types: Readonly<Record<string, fc.Arbitrary<string>>> = {
  bigint: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map((one) => `'${one}'`),
  integer: fc.maxSafeInteger().map((one) => String(one % 2 ** 31)),
  smallint: fc.integer({ min: -32768, max: 32767 }).map((one) => `'${one}'`),
  boolean: oneOf("true", "false"),
  "double precision": rare(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(NaN, Infinity, -Infinity),
  ).map((one) => `'${one}'`),
  real: fc.float({ noNaN: true, noDefaultInfinity: true }).map((one) => `'${one}'`),
  "numeric(12,3)": rare(
    fc.integer().map((one) => `'${one / 1000}'`),
    oneOf("'NaN'"),
  ),
  numeric: rare(
    fc
      .tuple(fc.bigInt(-(10n ** 28n), 10n ** 28n), fc.integer({ min: 0, max: 999_999_999 }))
      .map(([whole, rest]) => `'${whole}.${rest}'`),
    oneOf(
      "'NaN'",
      "'Infinity'",
      "'1e40'",
      "'99999999999999999999999999999.9999999999'",
      "'0.00000000049'",
      "'0.0000000005'",
    ),
  ),
  text: text.map(quoted),
  "varchar(30)": text.map(quoted),
  "char(25)": text.map(quoted),
  bytea: fc.uint8Array({ maxLength: 12 }).map((one) => `'\\x${Buffer.from(one).toString("hex")}'`),
  uuid: fc.uuid().map((one) => `'${one}'`),
  timestamp: rare(moment, far).map((one) => `'${one}'`),
  timestamptz: rare(
    moment.map((one) => `${one}${one.startsWith("0001") ? "" : "+01:30"}`),
    far,
  ).map((one) => `'${one}'`),
  date: rare(oneOf("2024-02-29", "0001-01-01", "9999-12-31"), oneOf("infinity", "0001-01-01 BC")).map(
    (one) => `'${one}'`,
  ),
  time: rare(oneOf("00:00", "23:59:59.999999", "12:30:00.5"), oneOf("24:00:00")).map((one) => `'${one}'`),
  timetz: oneOf("'00:00+00'", "'12:30:00.25-11:30'"),
  interval: oneOf("'1 year 2 mons -3 days 04:05:06.7'", "'0'"),
  jsonb: rare(
    fc
      .json({ maxDepth: 3 })
      .map((one) => one.replaceAll(/\\u(?:0000|[dD][89abAB]..|[dD][c-fC-F]..)/g, "?"))
      .map(quoted),
    oneOf("'null'", "'\"text\"'", "'12345678901234567890'"),
  ),
  json: oneOf(`'{"a": 1.0, "b": [9007199254740993, null]}'`, "' [1,2]'", "'null'", "'true'", `'"x"'`),
  "integer[]": oneOf("'{}'", "'{1,2,NULL}'", "'{{1,2},{3,4}}'"),
  "text[]": oneOf("'{}'", `'{"a b","\\"",NULL}'`),
  int4range: oneOf("'empty'", "'[1,5)'"),
  inet: oneOf("'::1'", "'10.0.0.0/8'"),
};

const column = fc.constantFrom(...Object.keys(types));
const table = fc.uniqueArray(column, { minLength: 1, maxLength: 8 }).chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.array(fc.tuple(...columns.map((one) => rare(types[one]!, oneOf("NULL")))), {
      minLength: 1,
      maxLength: 60,
    }),
  }),
);

test("rows that pass as bytes arrive as those that pass as objects, and make the same schema", async () => {
  await fc.assert(
    fc.asyncProperty(table, async ({ columns: declared, rows }) => {
      await withClient(server.url, async (client) => {
        await client.query("DROP TABLE IF EXISTS rows");
        await client.query(
          `CREATE TABLE rows (n int PRIMARY KEY, ${declared.map((type, i) => `c${i} ${type}`).join(", ")})`,
        );
        const values = rows.map((row, n) => `(${[n, ...row].join(", ")})`);
        await client.query(`INSERT INTO rows VALUES ${values.join(", ")}`);
      });
      const source = (name: string): ReturnType<typeof sqlTable> =>
        sqlTable({ credentials: server.url, table: "rows", name, chunkSize: 7 });
      await using there = await place();
      await there.run(source("as_bytes"));
      await there.run(source("as_objects").map((row) => row));
      const tables = await Promise.all(
        ["as_bytes", "as_objects"].map(async (name) => {
          const found = await there.rows(`SELECT * EXCLUDE (_dlt_id, _dlt_load_id) FROM d.${name} ORDER BY n`);
          const columns = await there.rows(
            `SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'd' AND table_name = '${name}' ORDER BY ordinal_position`,
          );
          return { columns, rows: found.map((row) => row.map((cell, i) => plain(cell, String(columns[i]?.[1])))) };
        }),
      );
      expect(tables[0]).toEqual(tables[1]);
      expect(tables[0]!.rows).toHaveLength(rows.length);
      const ids = await there.rows("SELECT count(DISTINCT _dlt_id), min(length(_dlt_id)) FROM d.as_bytes");
      expect(ids).toEqual([[String(rows.length), "14"]]);
      const { tables: stored } = await there.schema("p");
      expect(columnsOf(stored["as_bytes"])).toEqual(columnsOf(stored["as_objects"]));
    }),
    { numRuns: 8, endOnFailure: false },
  );
}, 180_000);

function columnsOf(stored: unknown): unknown {
  return (stored as { readonly columns: unknown }).columns;
}

/** JSON is the same however it is written. */
function plain(cell: unknown, type: string): unknown {
  return type === "JSON" && typeof cell === "string" ? JSON.parse(cell) : cell;
}
