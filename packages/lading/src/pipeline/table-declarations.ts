import type { Destination } from "../destination/destination.ts";
import { LadingError } from "../errors/index.ts";
import type { SchemaChange } from "../load-package/journal.ts";
import { mergeStrategyIn } from "../normalize/declare-disposition.ts";
import { declareNested, idleNested } from "../normalize/declare-nested.ts";
import { declareTable } from "../normalize/declare.ts";
import type { Names } from "../normalize/names.ts";
import type { SchemaContract } from "../resource/hints.ts";
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
   * @throws LadingError CONTRACT_VIOLATED, INVALID_ARGUMENT, DISPOSITION_INVALID, DISPOSITION_UNSUPPORTED
   */
  isAllowed(resource: Resource, table: string): boolean {
    let known = this.#known.get(resource);
    if (known === undefined) this.#known.set(resource, (known = new Map()));
    let allowed = known.get(table);
    if (allowed === undefined) known.set(table, (allowed = this.#ask(resource, table)));
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

  #ask(resource: Resource, table: string): boolean {
    const owner = this.#owners.get(table);
    if (owner === undefined || (owner.isOld && owner.resource === resource.name)) return this.#declare(resource, table);
    if (owner.resource !== resource.name && owner.as !== undefined) this.#compare(owner, resource, table);
    return true;
  }

  /** Each table is judged for itself; one that is nested in a table that is discarded is discarded with it. */
  #declare(resource: Resource, name: string): boolean {
    const { schemas, destination, onChange, warn } = this.#options;
    if (typeof resource.hints.tableName === "function") this.#refuseNested(resource, name);
    const tables = this.#tablesOf(resource, name);
    const root = tables[0]!;
    const discarded = new Set<string | undefined>();
    for (const table of tables) {
      const allowed = discarded.has(table.parent) ? undefined : allowedDeclaration(schemas, table);
      if (allowed === undefined) {
        discarded.add(table.name);
        continue;
      }
      onChange({ resource: resource.name, kind: "declared", table: tableToText(allowed) });
      declare(schemas, allowed);
      const idle =
        table.parent === undefined
          ? checkStrategy(schemas.declared.tables.get(table.name)!, destination)
          : idleNested(table, root);
      for (const message of idle) warn(message, resource.name);
    }
    // Another resource may be allowed what this one is not.
    if (discarded.has(root.name)) return false;
    this.#owners.set(name, {
      resource: resource.name,
      as: withoutResource(tables),
      strategy: mergeStrategyIn(resource.hints.writeDisposition),
      isOld: false,
    });
    return true;
  }

  /** One that comes second to a table is not asked; where it would say otherwise, that is said. */
  #compare(owner: Owner, resource: Resource, table: string): void {
    const strategy = mergeStrategyIn(resource.hints.writeDisposition);
    if (strategy !== undefined && owner.strategy !== undefined && strategy !== owner.strategy) {
      throw strategiesDiffer(table, owner.resource, resource.name);
    }
    if (withoutResource(this.#tablesOf(resource, table)) === owner.as) return;
    this.#options.warn(
      `"${resource.name}" writes to "${table}", which "${owner.resource}" has declared otherwise: what that one declares counts.`,
      resource.name,
    );
  }

  #tablesOf(resource: Resource, name: string): readonly TableSchema[] {
    const { schemaContract = resource.hints.schemaContract, names } = this.#options;
    const hints = { ...resource.hints, ...(schemaContract !== undefined && { schemaContract }) };
    const root = declareTable(hints, resource.name, name, names, resource.cursorPath);
    return [root, ...declareNested(hints, resource.name, name, names)];
  }

  /** A table cannot hold rows and the items of a list in rows. */
  #refuseNested(resource: Resource, table: string): void {
    const parent = this.#options.schemas.inferred.tables.get(table)?.parent;
    if (parent !== undefined) throw tableOfList(resource.name, table);
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
