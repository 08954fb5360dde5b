import type { Destination } from "../destination/destination.ts";
import { LadingError } from "../errors/index.ts";
import type { DraftPackage } from "../load-package/draft-package.ts";
import type { SchemaChange } from "../load-package/journal.ts";
import { dispositionOf } from "../normalize/declare-disposition.ts";
import { declareNested, idleNested } from "../normalize/declare-nested.ts";
import { declareTable, rootTableName } from "../normalize/declare.ts";
import type { Names } from "../normalize/names.ts";
import { Normalizer } from "../normalize/normalizer.ts";
import type { SchemaContract } from "../resource/hints.ts";
import { rowCount, type FoundHints, type Page } from "../resource/page.ts";
import type { Resource } from "../resource/resource.ts";
import { mergeTable } from "../schema/merge.ts";
import type { TableSchema } from "../schema/schema.ts";
import { tableFromText, tableToText } from "../schema/wire.ts";
import { checkStrategy } from "./check-strategy.ts";
import { discardedText, type DiscardedData } from "./discarded-text.ts";
import type { RunEvent, WithoutTime } from "./events.ts";
import { invalidRow } from "./invalid-row.ts";
import { allowedDeclaration, declare, type PackageSchema } from "./package-schema.ts";
import type { ProgressOf } from "./resource-progress.ts";

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
   * Declares the tables of the page's resource where it is the first one, leaves out what contracts discard, and
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
  /** Of the resources whose tables are declared: whether contracts allow the one of its rows. */
  const declared = new Map<string, boolean>();
  let changes: SchemaChange[] = [];

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
      discard(own, { table: tableOf(resource), what: "row", entity: "data_type", ...one });
    const allowed = isAllowed(resource, page.declares);
    try {
      if (allowed) normalizerOf(own).normalize(page);
      else for (const row of page.rows) discard(own, { table: tableOf(resource), what: "row", entity: "tables", row });
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

  function replay(known: readonly SchemaChange[], resumed: readonly Resource[]): void {
    const made = new Set<string>();
    for (const { kind, resource, table: text } of known) {
      const table = tableFromText(text);
      if (kind === "inferred") mergeTable(schemas.inferred, table);
      else {
        declare(schemas, table);
        made.add(`${resource}\u0000${table.name}`);
      }
    }
    // One whose table was discarded has left nothing in the journal, and is asked again with its next page.
    for (const resource of resumed) {
      if (made.has(`${resource.name}\u0000${tableOf(resource)}`)) declared.set(resource.name, true);
    }
  }

  function isAllowed(resource: Resource, found: FoundHints | undefined): boolean {
    let allowed = declared.get(resource.name);
    if (allowed === undefined) declared.set(resource.name, (allowed = declareTables(resource, found)));
    return allowed;
  }

  /** Each table is judged for itself; one that is nested in a table that is discarded is discarded with it. */
  function declareTables(resource: Resource, found: FoundHints | undefined): boolean {
    const { schemaContract = resource.hints.schemaContract } = options;
    const hints = { ...(found?.hints ?? resource.hints), ...(schemaContract !== undefined && { schemaContract }) };
    const root = declareTable(hints, resource.name, names, found?.cursorPath ?? resource.cursorPath);
    const discarded = new Set<string | undefined>();
    for (const table of [root, ...declareNested(hints, resource.name, names)]) {
      const allowed = discarded.has(table.parent) ? undefined : allowedDeclaration(schemas, table);
      if (allowed === undefined) {
        discarded.add(table.name);
        continue;
      }
      changes.push({ resource: resource.name, kind: "declared", table: tableToText(allowed) });
      declare(schemas, allowed);
      const idle =
        table.parent === undefined
          ? checkStrategy(schemas.declared.tables.get(table.name)!, options.destination)
          : idleNested(table, root);
      for (const message of idle) emit({ type: "warning", message, resource: resource.name });
    }
    return !discarded.has(root.name);
  }

  function normalizerOf(own: ProgressOf): Normalizer {
    const { resource } = own.node;
    let normalizer = normalizers.get(resource.name);
    if (normalizer === undefined) {
      normalizer = new Normalizer({
        schema: schemas.inferred,
        names,
        file: (table) => draft.file(resource.name, table),
        rootTable: tableOf(resource),
        onChange: (partial: TableSchema) => {
          changes.push({ resource: resource.name, kind: "inferred", table: tableToText(partial) });
        },
        onDiscard: (one) => discard(own, one),
      });
      normalizers.set(resource.name, normalizer);
    }
    return normalizer;
  }

  function discard(own: ProgressOf, one: DiscardedData): void {
    own.discard(one.table, one.what);
    if (!options.keepDiscarded) return;
    draft.file(own.node.resource.name, one.table, "discarded").buffer.line(discardedText(one));
  }

  function tableOf(resource: Resource): string {
    return rootTableName(names, resource.hints, resource.name);
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

function withPlace(error: LadingError, resource: string, page: number): LadingError {
  const row = error.details["row"];
  const place = `resource ${resource}, page ${page}${typeof row === "number" ? `, row ${row + 1}` : ""}`;
  return new LadingError(error.code, `${error.message} (${place})`, {
    cause: error.cause,
    hint: error.hint,
    details: { ...error.details, resource, page },
  });
}
