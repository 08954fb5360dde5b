import { checkKeys, checkName, hintKeys } from "../../resource/check-keys.ts";
import { fluentResource, type FluentResource } from "../../resource/fluent-resource.ts";
import type { ResourceHints } from "../../resource/hints.ts";
import { parseConnectionString } from "../../config/connection-string.ts";
import { isSecret } from "../../config/secret.ts";
import type { Json } from "../../util/json-value.ts";
import { findTable } from "./find-table.ts";
import type { TableOptions } from "./options.ts";
import type { TableRow } from "./row-values.ts";

const optionKeys = [
  "table",
  "name",
  "credentials",
  "schema",
  "chunkSize",
  "reflectionLevel",
  "resolveForeignKeys",
  "typeAdapter",
  "includedColumns",
  "excludedColumns",
  "incremental",
  "queryAdapter",
  "split",
] as const satisfies readonly (keyof TableOptions)[];

/**
 * A resource that reads a table or a view of a database.
 *
 * ```ts
 * const orders = sqlTable({ table: "orders", incremental: incremental("updated_at") });
 * ```
 *
 * What the table is like is looked up when it is read: columns with their types, which of them may be NULL, the primary
 * key. What is said here wins.
 *
 * @throws LadingError NAME_EMPTY, INVALID_ARGUMENT
 */
export function sqlTable<const Table extends string, const Name extends string = Table>(
  options: TableOptions<Name, Table>,
): FluentResource<Name, TableRow> {
  checkName("table", options.table);
  checkKeys(`sqlTable("${options.table}")`, options, [...optionKeys, ...hintKeys]);
  const name = options.name ?? options.table;
  checkName("resource", name);
  const { incremental } = options;
  return fluentResource({
    name,
    hints: hintsIn(options),
    selected: true,
    steps: [],
    ...(incremental && { incremental }),
    origin: { type: "found", find: (definition, context) => findTable(options, definition.incremental, context) },
    fingerprint: {
      type: "sql_table",
      table: options.table,
      schema: options.schema ?? null,
      database: placeOf(options.credentials),
      includedColumns: options.includedColumns ?? null,
      excludedColumns: options.excludedColumns ?? null,
      queryAdapter: options.queryAdapter === undefined ? null : String(options.queryAdapter),
      typeAdapter: options.typeAdapter === undefined ? null : String(options.typeAdapter),
      split: options.split === undefined ? null : { ...options.split },
    },
  });
}

/** Where the database is, without how to get in; `null`: what settings say is not known here. */
function placeOf(credentials: TableOptions["credentials"]): Json {
  if (credentials === undefined) return null;
  if (isSecret(credentials)) return credentials.key;
  const parts = typeof credentials === "string" ? parseConnectionString(credentials).parts : credentials;
  const { drivername = null, host = null, port = null, database = null } = parts ?? {};
  return [drivername, host, port, database];
}

function hintsIn(options: TableOptions): ResourceHints {
  return Object.fromEntries(hintKeys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])));
}
