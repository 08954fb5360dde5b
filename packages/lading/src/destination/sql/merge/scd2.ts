import { LadingError } from "../../../errors/index.ts";
import { rowVersion } from "../../../schema/merge-strategy.ts";
import { isComplete, type ColumnSchema, type TableSchema } from "../../../schema/schema.ts";
import { parseTimestampLoose, Timestamp } from "../../../schema/temporal.ts";
import { withinReach } from "./conditions.ts";
import { keepRows, keptSource, ofRootRows } from "./keep-rows.ts";
import type { MergeChain } from "./merge-chain.ts";

/**
 * Keeps a history (spec dlt-core 8.6, dlt-1.31 5.2): rows whose version did not come are retired at the boundary, versions
 * that are not there are added from it on. With a merge key only rows with keys that came are retired. Nested rows belong
 * to a version, and are never changed.
 *
 * @param loadId the boundary where the schema gives none, so that a load that is tried again has the same
 */
export function scd2(chain: MergeChain, loadId: string): string[] {
  const { root, nested, tables, dialect, primaryKey, schema } = chain;
  const { quote } = dialect;
  const version = rowVersion(schema);
  const from = columnWith(schema, "x-valid-from");
  const to = columnWith(schema, "x-valid-to");
  if (version === undefined) throw noHistory(schema);
  const literal = (moment: Timestamp, column: ColumnSchema): string => momentLiteral(chain, moment, column);
  const boundary = momentHint(schema["x-boundary-timestamp"]) ?? loadTime(loadId);
  const active = momentHint(columnHint(schema, "x-active-record-timestamp"));
  const [fromName, toName] = [quote(from.name), quote(to.name)];
  const end = active === undefined ? "NULL" : literal(active, to);
  const isActive = active === undefined ? `${toName} IS NULL` : `${toName} = ${end}`;

  const hash = quote(version.name);
  const isHash = version.name === "_dlt_id";
  // A hash of the content says all; a version that the source gives belongs to its key, where there is one.
  const identity = isHash ? [] : primaryKey;
  const same = (one: string, other: string): string =>
    [
      `${one}.${hash} = ${other}.${hash}`,
      ...identity.map((column) => `${one}.${column} IS NOT DISTINCT FROM ${other}.${column}`),
    ].join(" AND ");
  const duplicates = primaryKey.length > 0 ? primaryKey : isHash ? [hash] : [];

  const kept = tables.temporary("kept");
  const fresh = tables.temporary("fresh");
  const source = keptSource(chain, kept);
  const absent = `NOT EXISTS (SELECT 1 FROM ${source} AS s WHERE ${same("s", root.target)})`;
  const isNew = `NOT EXISTS (SELECT 1 FROM ${root.target} AS d WHERE d.${isActive} AND ${same("d", "s")})`;
  const columns = root.columns.filter((column) => column !== fromName && column !== toName).join(", ");
  return [
    keepRows(chain, kept, duplicates),
    `UPDATE ${root.target} SET ${toName} = ${literal(boundary, to)} WHERE ${[isActive, absent, ...withinReach(chain, root.target)].join(" AND ")}`,
    `CREATE TEMPORARY TABLE ${fresh} AS SELECT k.arrival, k.mark FROM ${kept} AS k JOIN ${root.staging} AS s ON s.${tables.arrival} = k.arrival WHERE ${isNew}`,
    `INSERT INTO ${root.target} (${columns}, ${fromName}, ${toName}) SELECT ${columns}, ${literal(boundary, from)}, ${end} FROM ${keptSource(chain, fresh)} AS s`,
    ...nested.map((table) => {
      const list = table.columns.join(", ");
      // A version that was valid before has its nested rows there already.
      return `INSERT INTO ${table.target} (${list}) SELECT ${list} FROM ${table.staging} WHERE ${ofRootRows(chain, fresh)} AND ${table.rowKey} NOT IN (SELECT ${table.rowKey} FROM ${table.target})`;
    }),
  ];
}

type MarkedColumn = ColumnSchema & { readonly data_type: NonNullable<ColumnSchema["data_type"]> };

function columnWith(table: TableSchema, hint: `x-${string}`): MarkedColumn {
  const column = [...table.columns.values()].find((one) => one[hint] === true);
  if (column === undefined || !isComplete(column)) throw noHistory(table);
  return column;
}

/** The first column that has the hint, whatever it says. */
function columnHint(table: TableSchema, hint: `x-${string}`): unknown {
  return [...table.columns.values()].find((column) => Object.hasOwn(column, hint))?.[hint];
}

function noHistory({ name }: TableSchema): LadingError {
  return new LadingError("DISPOSITION_INVALID", `The table "${name}" lacks the columns that a history needs.`, {
    hint: 'Declare it: `writeDisposition: { disposition: "merge", strategy: "scd2" }`.',
    details: { table: name },
  });
}

/** A moment as a schema has it; a text without an offset is UTC. */
function momentHint(value: unknown): Timestamp | undefined {
  if (value === undefined || value === null) return undefined;
  const moment = typeof value === "string" ? parseTimestampLoose(value) : undefined;
  if (moment !== undefined) return moment;
  throw new LadingError("DISPOSITION_INVALID", `${JSON.stringify(value)} in the schema is no timestamp.`);
}

/** When a load was drawn: its id is seconds since 1970, to the microsecond (spec dlt-core 5.2). */
function loadTime(loadId: string): Timestamp {
  const [seconds = "0", fraction = ""] = loadId.split(".");
  return new Timestamp(BigInt(seconds) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, "0")), 0);
}

function momentLiteral({ dialect }: MergeChain, moment: Timestamp, column: ColumnSchema): string {
  const utc = new Timestamp(moment.instant, column.timezone === false ? undefined : 0);
  return `CAST(${dialect.literal(utc.toCell())} AS ${dialect.columnType(column)})`;
}
