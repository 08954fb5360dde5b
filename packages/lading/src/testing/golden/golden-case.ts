import type { StoredContract } from "../../schema/contract.ts";
import type { DropRequest } from "../../pipeline/drop/plan-drop.ts";
import type { RefreshMode } from "../../pipeline/refresh.ts";
import { ExactFloat, type Exact, type ExactObject } from "../../util/exact.ts";
import { toPlain } from "../../util/json.ts";

/** A resource of a case, for one run. */
export interface GoldenResource {
  readonly name: string;
  /** Pages of rows, exactly as they stand in the document. */
  readonly pages: readonly (readonly Exact[])[];
  readonly write?: string | Readonly<Record<string, unknown>>;
  readonly primaryKey?: string | readonly string[];
  readonly mergeKey?: string | readonly string[];
  readonly tableName?: string;
  /** In dlt's own keys. */
  readonly columns?: Readonly<Record<string, Record<string, unknown>>>;
  readonly maxTableNesting?: number;
  /** In dlt's own keys. */
  readonly contract?: StoredContract;
  /** In dlt's own keys. */
  readonly references?: readonly Record<string, unknown>[];
  /** By path, its parts joined with dots; in dlt's own keys. */
  readonly nestedHints?: Readonly<Record<string, Record<string, unknown>>>;
  /** Settings in camelCase, with the path of the cursor. */
  readonly incremental?: Readonly<Record<string, unknown>> & { readonly cursorPath: string };
}

export interface GoldenStep {
  /** First throw the working folder away: state and schema come back from the destination. */
  readonly freshDir?: boolean;
  readonly source?: string;
  readonly refresh?: RefreshMode;
  /** Instead of a run: what is dropped. */
  readonly drop?: DropRequest;
  readonly resources: readonly GoldenResource[];
}

/** A document with what is to be done with it: one pipeline, one database, a run for each step. */
export interface GoldenCase {
  readonly name: string;
  readonly pipeline: string;
  readonly dataset: string;
  readonly source?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly maxTableNesting?: number;
  readonly rootKey?: boolean;
  /** In dlt's own keys. */
  readonly contract?: StoredContract;
  /** All ids are hashes of content, none is drawn. */
  readonly hashedIds: boolean;
  readonly steps: readonly GoldenStep[];
  /** Settings of the case that this version cannot do, by name. */
  readonly unsupported: readonly string[];
}

const caseKeys = new Set(
  "name about pipeline dataset source env maxTableNesting rootKey hashedIds steps fault contract".split(" "),
);
const stepKeys = new Set("freshDir source refresh drop resources".split(" "));
const resourceKeys = new Set(
  "name pages write primaryKey mergeKey tableName columns maxTableNesting contract references nestedHints incremental".split(
    " ",
  ),
);

/** A case from its parsed file. */
export function goldenCase(document: Exact): GoldenCase {
  if (!(document instanceof Map)) throw new TypeError("A golden case is a JSON object.");
  const unsupported = unknownKeys(document, caseKeys, "");
  const plain = (key: string): unknown => (document.has(key) ? toPlain(document.get(key)!) : undefined);
  const steps = ((document.get("steps") ?? []) as ExactObject[]).map((step) => {
    unsupported.push(...unknownKeys(step, stepKeys, "step."));
    return stepOf(step, unsupported);
  });
  return {
    name: plain("name") as string,
    pipeline: (plain("pipeline") as string | undefined) ?? "gold",
    dataset: (plain("dataset") as string | undefined) ?? "gold",
    ...optional("source", plain("source")),
    env: (plain("env") as Record<string, string> | undefined) ?? {},
    ...optional("maxTableNesting", plain("maxTableNesting")),
    ...optional("rootKey", plain("rootKey")),
    ...optional("contract", plain("contract")),
    hashedIds: plain("hashedIds") === true,
    steps,
    unsupported: [...new Set(unsupported)],
  };
}

function stepOf(step: ExactObject, unsupported: string[]): GoldenStep {
  const resources = ((step.get("resources") ?? []) as ExactObject[]).map((resource) => {
    unsupported.push(...unknownKeys(resource, resourceKeys, "resource."));
    const settings = new Map([...resource].filter(([key]) => key !== "pages"));
    const cursor = settings.get("incremental");
    return {
      ...(toPlain(settings) as Omit<GoldenResource, "pages">),
      ...(cursor instanceof Map && { incremental: cursorOf(cursor) }),
      pages: (resource.get("pages") ?? []) as readonly (readonly Exact[])[],
    };
  });
  return {
    resources,
    ...optional("freshDir", step.get("freshDir") === true ? true : undefined),
    ...optional("source", step.get("source")),
    ...optional("refresh", step.get("refresh")),
    ...optional("drop", dropOf(step.get("drop"))),
  };
}

/** In dlt's own keys. */
function dropOf(exact: Exact | undefined): DropRequest | undefined {
  if (!(exact instanceof Map)) return undefined;
  const given = toPlain(exact) as Readonly<Record<string, never>>;
  return {
    ...optional("resources", given["resources"]),
    ...optional("statePaths", given["state_paths"]),
    ...optional("all", given["drop_all"]),
    ...optional("onlyState", given["state_only"]),
    ...optional("schema", given["schema_name"]),
  };
}

/** Values keep the form that they have in the document. */
function cursorOf(exact: ExactObject): NonNullable<GoldenResource["incremental"]> {
  const floats = [...exact].filter(([, value]) => value instanceof ExactFloat && Number.isInteger(value.value));
  return { ...(toPlain(exact) as { cursorPath: string }), ...Object.fromEntries(floats) };
}

function optional(key: string, value: unknown): Record<string, never> {
  return value === undefined || value === null ? {} : ({ [key]: value } as Record<string, never>);
}

function unknownKeys(object: ExactObject, known: ReadonlySet<string>, prefix: string): string[] {
  return [...object.keys()].filter((key) => !known.has(key)).map((key) => prefix + key);
}
