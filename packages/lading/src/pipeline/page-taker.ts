import type { Destination } from "../destination/destination.ts";
import { LadingError } from "../errors/index.ts";
import type { DraftPackage } from "../load-package/draft-package.ts";
import type { SchemaChange } from "../load-package/journal.ts";
import type { RowFile } from "../load-package/row-file.ts";
import { dispositionOf } from "../normalize/declare-disposition.ts";
import type { Names } from "../normalize/names.ts";
import { Normalizer } from "../normalize/normalizer.ts";
import { rootTableName } from "../normalize/root-table.ts";
import type { SchemaContract } from "../resource/hints.ts";
import { rowCount, type Page } from "../resource/page.ts";
import type { Resource } from "../resource/resource.ts";
import { mergeTable } from "../schema/merge.ts";
import type { TableSchema } from "../schema/schema.ts";
import { tableFromText, tableToText } from "../schema/wire.ts";
import { discardedText, type DiscardedData } from "./discarded-text.ts";
import type { RunEvent, WithoutTime } from "./events.ts";
import { invalidRow } from "./invalid-row.ts";
import type { PackageSchema } from "./package-schema.ts";
import type { ProgressOf } from "./resource-progress.ts";
import { rowsByTable, type TableRows } from "./rows-by-table.ts";
import { TableDeclarations, tableOfList } from "./table-declarations.ts";

export interface PageTakerOptions {
  readonly draft: DraftPackage;
  readonly schemas: PackageSchema;
  readonly names: Names;
  readonly destination: Destination;
  /** In the place of those of the resources. */
  readonly schemaContract: SchemaContract | undefined;
  /** What contracts leave out is kept in files of the package. */
  readonly keepDiscarded: boolean;
  readonly emit: (event: WithoutTime<RunEvent>) => void;
}

/** Takes pages into one package: into its row files and its schemas. What a contract says is found anew in each package. */
export interface PageTaker {
  /**
   * Declares the tables of the page's rows where they are new to the package, leaves out what contracts discard, and
   * normalizes the rest into the draft's buffers.
   *
   * @throws LadingError CONTRACT_VIOLATED, ROW_INVALID and whatever is wrong with hints or rows, with the place of the row
   */
  take(own: ProgressOf, page: Page): void;
  /**
   * Puts changes of the schemas back that are in the journal.
   *
   * @param resumed resources that go on: the others declare their tables again
   */
  replay(changes: readonly SchemaChange[], resumed: readonly Resource[]): void;
  /** Hands over what pages have changed in the schemas, for the journal. */
  takeChanges(): readonly SchemaChange[];
}

export function createPageTaker(options: PageTakerOptions): PageTaker {
  const { draft, schemas, names, emit } = options;
  const normalizers = new Map<string, Normalizer>();
  /** Which root table's normalizer writes a file, by resource and table. */
  const writers = new Map<string, string>();
  let changes: SchemaChange[] = [];
  const declarations = new TableDeclarations({
    ...options,
    onChange: (change) => changes.push(change),
    warn: (message, resource) => emit({ type: "warning", message, resource }),
  });

  function take(own: ProgressOf, page: Page): void {
    const { resource } = own.node;
    own.pages++;
    own.changed = true;
    const rows = rowCount(page);
    own.rows += rows;
    own.bytes += page.bytes ?? 0;
    if (!own.node.loaded || dispositionOf(resource.hints.writeDisposition) === "skip") return;
    const before = own.discarded;
    for (const one of page.discarded ?? [])
      discard(own, { table: tableOfInvalid(resource), what: "row", entity: "data_type", ...one });
    try {
      for (const part of rowsByTable(resource, page, names)) takeRows(own, part);
    } catch (error) {
      throw withPlace(invalidRow(error, page.rows), resource.name, own.pages);
    }
    if (own.discarded !== before) emit({ type: "discarded", resource: resource.name, tables: own.discarded });
    emit({
      type: "page",
      resource: resource.name,
      rows,
      bytes: page.bytes ?? 0,
      totalPages: own.pages,
      totalRows: own.rows,
      totalBytes: own.bytes,
    });
  }

  function takeRows(own: ProgressOf, { table, page, indexes }: TableRows): void {
    const { resource } = own.node;
    try {
      if (declarations.isAllowed(resource, table, page.declares)) normalizerOf(own, table).normalize(page);
      else for (const row of page.rows) discard(own, { table, what: "row", entity: "tables", row });
    } catch (error) {
      throw indexes === undefined ? error : atRowOf(indexes, error);
    }
  }

  function replay(known: readonly SchemaChange[], resumed: readonly Resource[]): void {
    const goOn = new Set(resumed.map(({ name }) => name));
    for (const { kind, resource, table: text } of known) {
      const table = tableFromText(text);
      if (kind === "inferred") mergeTable(schemas.inferred, table);
      else declarations.replay(resource, table, !goOn.has(resource));
    }
  }

  function normalizerOf(own: ProgressOf, rootTable: string): Normalizer {
    const { resource } = own.node;
    const key = `${resource.name}\u0000${rootTable}`;
    let normalizer = normalizers.get(key);
    if (normalizer === undefined) {
      normalizer = new Normalizer({
        schema: schemas.inferred,
        names,
        weiPrecision: options.destination.capabilities.weiPrecision,
        file: (table) => fileFor(resource.name, table, rootTable),
        rootTable,
        onChange: (partial: TableSchema) => {
          changes.push({ resource: resource.name, kind: "inferred", table: tableToText(partial) });
        },
        onDiscard: (one) => discard(own, one),
      });
      normalizers.set(key, normalizer);
    }
    return normalizer;
  }

  function fileFor(resource: string, table: string, rootTable: string): RowFile {
    const key = `${resource}\u0000${table}`;
    const writer = writers.get(key);
    if (writer !== undefined && writer !== rootTable) throw tableOfList(resource, table);
    writers.set(key, rootTable);
    return draft.file(resource, table);
  }

  function discard(own: ProgressOf, one: DiscardedData): void {
    own.discard(one.table, one.what);
    if (!options.keepDiscarded) return;
    draft.file(own.node.resource.name, one.table, "discarded").buffer.line(discardedText(one));
  }

  /** A row that is not what its schema says may have no table: then it counts for the resource. */
  function tableOfInvalid({ name, hints }: Resource): string {
    return rootTableName(names, hints, name) ?? rootTableName(names, {}, name)!;
  }

  return {
    take,
    replay,
    takeChanges() {
      const taken = changes;
      changes = [];
      return taken;
    },
  };
}

/** An error within some rows of a page, with the row's place in the whole page. */
function atRowOf(indexes: readonly number[], error: unknown): unknown {
  if (!LadingError.is(error)) return error;
  const { row } = error.details;
  return new LadingError(error.code, error.message, {
    cause: error.cause,
    hint: error.hint,
    details: { ...error.details, row: indexes[typeof row === "number" ? row : 0] },
  });
}

/** What is wrong with a resource's disposition is wrong with no row. */
function withPlace(error: LadingError, resource: string, page: number): LadingError {
  if (error.code.startsWith("DISPOSITION_")) return error;
  const row = error.details["row"];
  const place = `resource ${resource}, page ${page}${typeof row === "number" ? `, row ${row + 1}` : ""}`;
  return new LadingError(error.code, `${error.message} (${place})`, {
    cause: error.cause,
    hint: error.hint,
    details: { ...error.details, resource, page },
  });
}
