import type { Destination } from "../destination/destination.ts";
import { LadingError } from "../errors/index.ts";
import type { SchemaChange } from "../load-package/journal.ts";
import { mergeStrategyIn } from "../normalize/declare-disposition.ts";
import { declareNested, idleNested } from "../normalize/declare-nested.ts";
import { declareTable } from "../normalize/declare.ts";
import type { Names } from "../normalize/names.ts";
import type { ResourceHints, SchemaContract } from "../resource/hints.ts";
import type { FoundHints } from "../resource/page.ts";
import type { Resource } from "../resource/resource.ts";
import type { TableSchema } from "../schema/schema.ts";
import { tableToText } from "../schema/wire.ts";
import { checkStrategy } from "./check-strategy.ts";
import { strategiesDiffer } from "./check-tables.ts";
import { allowedDeclaration, declare, type PackageSchema } from "./package-schema.ts";

export interface TableDeclarationsOptions {
  readonly schemas: PackageSchema;
  readonly names: Names;
  readonly destination: Destination;
  /** In the place of those of the resources. */
  readonly schemaContract: SchemaContract | undefined;
  readonly onChange: (change: SchemaChange) => void;
  readonly warn: (message: string, resource: string) => void;
}

/** What a resource says of its tables. */
interface Declaring {
  readonly resource: string;
  readonly hints: ResourceHints;
  readonly cursorPath: string | undefined;
}

/** Who has declared a table in this package, and what became of it. */
interface Owner {
  readonly resource: string;
  /** What it is declared as but for the resource's name, to find one that declares it otherwise; `undefined`: by an earlier run. */
  readonly as: string | undefined;
  readonly strategy: string | undefined;
  /** The owner is read again from its start, and declares it again. */
  readonly isOld: boolean;
}

/**
 * The tables that resources declare in one package, each when its first row comes. Where resources share a table, what the
 * first one declares counts, as in dlt.
 */
export class TableDeclarations {
  readonly #options: TableDeclarationsOptions;
  readonly #owners = new Map<string, Owner>();
  /** Of each resource, whether its rows may go into a table. */
  readonly #known = new Map<Resource, Map<string, boolean>>();

  constructor(options: TableDeclarationsOptions) {
    this.#options = options;
  }

  /**
   * Whether contracts let rows of a resource into a table; declares the table where it is new to the package.
   *
   * @param found what was found out of the table while it was read, in the place of the resource's hints
   * @throws LadingError CONTRACT_VIOLATED, INVALID_ARGUMENT, DISPOSITION_INVALID, DISPOSITION_UNSUPPORTED
   */
  isAllowed(resource: Resource, table: string, found?: FoundHints): boolean {
    let known = this.#known.get(resource);
    if (known === undefined) this.#known.set(resource, (known = new Map()));
    let allowed = known.get(table);
    if (allowed === undefined) {
      const { name, hints, cursorPath } = resource;
      const { hints: own, cursorPath: cursor } = found ?? { hints, cursorPath };
      known.set(table, (allowed = this.#ask({ resource: name, hints: own, cursorPath: cursor }, table)));
    }
    return allowed;
  }

  /**
   * Puts a declaration back that is in the journal.
   *
   * @param isOld its resource does not go on, and declares its tables again
   */
  replay(resource: string, table: TableSchema, isOld: boolean): void {
    declare(this.#options.schemas, table);
    if (table.parent !== undefined) return;
    this.#owners.set(table.name, { resource, as: undefined, strategy: undefined, isOld });
  }

  #ask(asking: Declaring, table: string): boolean {
    const { resource } = asking;
    const owner = this.#owners.get(table);
    if (owner === undefined || (owner.isOld && owner.resource === resource)) return this.#declare(asking, table);
    if (owner.resource !== resource && owner.as !== undefined) this.#compare(owner, asking, table);
    return true;
  }

  /** Each table is judged for itself; one that is nested in a table that is discarded is discarded with it. */
  #declare(asking: Declaring, name: string): boolean {
    const { schemas, destination, onChange, warn } = this.#options;
    const { resource, hints } = asking;
    if (typeof hints.tableName === "function") this.#refuseNested(resource, name);
    const tables = this.#tablesOf(asking, name);
    const root = tables[0]!;
    const discarded = new Set<string | undefined>();
    for (const table of tables) {
      const allowed = discarded.has(table.parent) ? undefined : allowedDeclaration(schemas, table);
      if (allowed === undefined) {
        discarded.add(table.name);
        continue;
      }
      onChange({ resource, kind: "declared", table: tableToText(allowed) });
      declare(schemas, allowed);
      const idle =
        table.parent === undefined
          ? checkStrategy(schemas.declared.tables.get(table.name)!, destination)
          : idleNested(table, root);
      for (const message of idle) warn(message, resource);
    }
    // Another resource may be allowed what this one is not.
    if (discarded.has(root.name)) return false;
    this.#owners.set(name, {
      resource,
      as: withoutResource(tables),
      strategy: mergeStrategyIn(hints.writeDisposition),
      isOld: false,
    });
    return true;
  }

  /** One that comes second to a table is not asked; where it would say otherwise, that is said. */
  #compare(owner: Owner, asking: Declaring, table: string): void {
    const { resource, hints } = asking;
    const strategy = mergeStrategyIn(hints.writeDisposition);
    if (strategy !== undefined && owner.strategy !== undefined && strategy !== owner.strategy) {
      throw strategiesDiffer(table, owner.resource, resource);
    }
    if (withoutResource(this.#tablesOf(asking, table)) === owner.as) return;
    this.#options.warn(
      `"${resource}" writes to "${table}", which "${owner.resource}" has declared otherwise: what that one declares counts.`,
      resource,
    );
  }

  #tablesOf({ resource, hints: own, cursorPath }: Declaring, name: string): readonly TableSchema[] {
    const { schemaContract = own.schemaContract, names } = this.#options;
    const hints = { ...own, ...(schemaContract !== undefined && { schemaContract }) };
    const root = declareTable(hints, resource, name, names, cursorPath);
    return [root, ...declareNested(hints, resource, name, names)];
  }

  /** A table cannot hold rows and the items of a list in rows. */
  #refuseNested(resource: string, table: string): void {
    const parent = this.#options.schemas.inferred.tables.get(table)?.parent;
    if (parent !== undefined) throw tableOfList(resource, table);
  }
}

/** Rows of a resource, and items of a list in other rows of it, that would go to one table. */
export function tableOfList(resource: string, table: string): LadingError {
  return new LadingError(
    "INVALID_ARGUMENT",
    `The resource "${resource}" would write a row to "${table}", which is the table of a list in its rows.`,
    { hint: "Let tableName give another name.", details: { resource, table } },
  );
}

function withoutResource(tables: readonly TableSchema[]): string {
  return tables.map(({ resource: _resource, ...table }) => tableToText(table as TableSchema)).join("\n");
}
