import { LadingError } from "../../errors/index.ts";
import type { Found } from "../../resource/definition.ts";
import type { ColumnHints, ReferenceHints, ResourceHints } from "../../resource/hints.ts";
import type { Incremental } from "../../resource/incremental.ts";
import type { ResourceContext } from "../../resource/resource.ts";
import { didYouMean } from "../../util/suggest.ts";
import { connect } from "./connect.ts";
import { cursorColumn } from "./cursor-clause.ts";
import type { Database, FoundTable, Snapshot, TableColumn } from "./database.ts";
import type { ReflectionLevel, TableOptions } from "./options.ts";
import { readTable } from "./read-table.ts";
import { tableSettings } from "./settings.ts";

/**
 * Looks up a table, and says what it is like.
 *
 * @param given the cursor that the resource was given in code
 * @throws LadingError SOURCE_*, CONFIG_*; INVALID_ARGUMENT where columns are named that are not there
 */
export async function findTable(
  options: TableOptions,
  given: Incremental | undefined,
  context: ResourceContext,
): Promise<Found> {
  const settings = tableSettings(options, context.config);
  const database = connect(options.credentials, { config: context.config, table: options.table });
  const snapshot = await database.open();
  let table: FoundTable;
  try {
    table = await lookUp(database, snapshot, settings.schema, options.table);
  } finally {
    await snapshot.close();
  }
  const columns = chosenColumns(table, settings);
  const incremental = withStoredType(given ?? settings.incremental, columns, table.name);
  return {
    hints: hintsOf({ ...table, columns }, { ...options, ...settings }),
    incremental,
    read: (own) =>
      readTable(
        {
          database,
          table,
          columns,
          incremental,
          queryAdapter: options.queryAdapter,
          split: options.split,
          chunkSize: settings.chunkSize,
        },
        own,
      ),
  };
}

/** dlt has datetimes in its state where the rows here have texts. */
function withStoredType(
  incremental: Incremental | undefined,
  columns: readonly TableColumn[],
  table: string,
): Incremental | undefined {
  if (incremental === undefined) return undefined;
  const { dataType } = cursorColumn(incremental, columns, table).column;
  return dataType === "timestamp" || dataType === "date" ? { ...incremental, storedAs: dataType } : incremental;
}

async function lookUp(
  database: Database,
  snapshot: Snapshot,
  schema: string | undefined,
  name: string,
): Promise<FoundTable> {
  const table = await database.table(snapshot, schema, name);
  if (table !== undefined) return table;
  const others = (await database.tables(snapshot, schema)).map((one) => one.name);
  const where = schema === undefined ? "" : ` in the schema "${schema}"`;
  throw new LadingError(
    "SOURCE_NOT_FOUND",
    `There is no table "${name}"${where} of ${database.location}.${didYouMean(name, others)}`,
    { details: { table: name, schema: schema ?? null } },
  );
}

/** The columns that are read. Throws INVALID_ARGUMENT. */
function chosenColumns(
  { name, columns }: FoundTable,
  { includedColumns, excludedColumns }: Pick<TableOptions, "includedColumns" | "excludedColumns">,
): readonly TableColumn[] {
  const names = columns.map((column) => column.name);
  for (const given of [...(includedColumns ?? []), ...(excludedColumns ?? [])]) {
    if (names.includes(given)) continue;
    throw new LadingError(
      "INVALID_ARGUMENT",
      `The table "${name}" has no column "${given}".${didYouMean(given, names)}`,
      {
        hint: `Its columns are: ${names.join(", ")}.`,
        details: { table: name, column: given },
      },
    );
  }
  const chosen = columns.filter(
    (column) =>
      (includedColumns === undefined || includedColumns.includes(column.name)) &&
      excludedColumns?.includes(column.name) !== true,
  );
  if (chosen.length > 0) return chosen;
  throw new LadingError("INVALID_ARGUMENT", `No column of the table "${name}" is read`, { details: { table: name } });
}

interface HintOptions extends Pick<TableOptions, "typeAdapter"> {
  readonly reflectionLevel: ReflectionLevel;
  readonly resolveForeignKeys: boolean;
}

/** What the catalog says, as hints (spec dlt-rest 7.1, reflection levels). */
function hintsOf(table: FoundTable, options: HintOptions): ResourceHints {
  const { columns, primaryKey } = table;
  const isRead = (name: string): boolean => columns.some((column) => column.name === name);
  const references = options.resolveForeignKeys ? referencesOf(table, isRead) : [];
  return {
    columns: columns.map((column) => ({ ...columnHints(column, options), name: column.name })),
    ...(primaryKey.length > 0 && primaryKey.every(isRead) && { primaryKey }),
    ...(references.length > 0 && { references }),
  };
}

function columnHints(column: TableColumn, { typeAdapter, reflectionLevel }: HintOptions): ColumnHints {
  const { nullable, dataType, precision, scale, timezone, length } = column;
  const reflected: ColumnHints = {
    nullable,
    dataType,
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...(timezone !== undefined && { timezone }),
    ...(reflectionLevel === "full_with_precision" && length !== undefined && { precision: length }),
  };
  const adapted = typeAdapter?.(column);
  if (adapted === undefined) return reflected;
  if (adapted === null) return { nullable };
  return { nullable, ...(typeof adapted === "string" ? { dataType: adapted } : adapted) };
}

/** Foreign keys within the schema; several to one table are one reference, as in dlt. */
function referencesOf(table: FoundTable, isRead: (column: string) => boolean): ReferenceHints[] {
  const references = new Map<string, ReferenceHints>();
  for (const { columns, schema, table: other, referencedColumns } of table.foreignKeys) {
    if (schema !== table.schema || !columns.every(isRead)) continue;
    const known = references.get(other);
    references.set(other, {
      columns: [...(known?.columns ?? []), ...columns],
      referencedTable: other,
      referencedColumns: [...(known?.referencedColumns ?? []), ...referencedColumns],
    });
  }
  return [...references.values()];
}
