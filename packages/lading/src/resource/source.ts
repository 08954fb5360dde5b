import type { ConventionName, OwnConvention } from "../schema/naming/index.ts";
import type { Resource } from "./resource.ts";
import type { SchemaContract } from "./hints.ts";

/** Resources that belong together: they share a schema, and a section of the settings. */
export interface Source<Name extends string = string, Resources extends readonly Resource[] = readonly Resource[]> {
  readonly type: "source";
  readonly name: Name;
  /** In the order in which they were declared. */
  readonly resources: Resources;
  readonly maxTableNesting?: number;
  readonly rootKey?: boolean;
  readonly schemaContract?: SchemaContract;
  readonly naming?: ConventionName | OwnConvention;
}
