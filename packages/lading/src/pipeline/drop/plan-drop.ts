import { LadingError } from "../../errors/index.ts";
import { compileSelector } from "../../http/index.ts";
import { dropTables, resourceTables } from "../../schema/drop-tables.ts";
import { cloneSchema, hasSeenData, isSystemTable, type Schema } from "../../schema/schema.ts";
import {
  cloneState,
  forgetResources,
  sourceStateOf,
  storedHash,
  type PipelineState,
} from "../../state/pipeline-state.ts";
import { didYouMean } from "../../util/suggest.ts";
import { schemaNames, type Stored } from "../stored.ts";
import { resourcePattern } from "./resource-pattern.ts";
import { deletePaths, findPaths, printPath } from "./state-paths.ts";

/** What is to be dropped: resources, places in the state, or both. */
export interface DropRequest {
  /** Names of resources, or regular expressions that fit the beginning of one: `re:^order`. */
  readonly resources?: string | readonly string[];
  /** Places in what the source remembers: `$.page`, `resources.orders.incremental`, `*` (all but the resources). */
  readonly statePaths?: string | readonly string[];
  /** All resources of the schema. */
  readonly all?: boolean;
  /** Tables stay, also in the schema; only what is remembered goes. */
  readonly onlyState?: boolean;
  /** The schema. Default: the one in which anything is found; where that are several, an error. */
  readonly schema?: string;
}

/** What a drop would do, and to what: data to be shown, and to be handed to `pipeline.drop`. */
export interface DropPlan {
  readonly type: "drop-plan";
  readonly request: DropRequest;
  readonly destination: string;
  /** Where the data is: a path or an address without secrets. */
  readonly location: string;
  readonly dataset: string;
  readonly schema: string;
  /** Resources of which tables go. */
  readonly resources: readonly string[];
  /** Tables that go from the schema, nested ones first; `hasData`: they are dropped in the dataset too. */
  readonly tables: readonly { readonly name: string; readonly hasData: boolean }[];
  /** Resources of which is forgotten what they remember. */
  readonly resourceStates: readonly string[];
  /** Places in the state that go, the name of the source first: `shop.page`. */
  readonly statePaths: readonly string[];
  /** What was asked for and is not there. */
  readonly warnings: readonly string[];
  readonly isEmpty: boolean;
  /** What it was made from: it is not done where that has changed. */
  readonly base: { readonly stateHash: string | undefined; readonly schemaHash: string | undefined };
}

/** A plan with what comes of it. */
export interface PreparedDrop {
  readonly plan: DropPlan;
  readonly schema: Schema;
  readonly state: PipelineState;
}

/**
 * Works out what a drop does. Pure: what is stored is not changed.
 *
 * @throws LadingError INVALID_ARGUMENT where nothing is asked for, an expression or a path cannot be read, or it is not
 *   clear which schema is meant
 */
export function planDrop(
  stored: Stored,
  request: DropRequest,
  where: Pick<DropPlan, "destination" | "location" | "dataset">,
): PreparedDrop {
  const wanted = read(request);
  const schema = cloneSchema(chooseSchema(stored, request, wanted));
  const state = cloneState(stored.state);
  const base = { stateHash: storedHash(stored.state), schemaHash: schema.versionHash };
  const { matches, selectors } = wanted;
  const warnings: string[] = [];

  const tables = request.onlyState === true ? [] : resourceTables(schema, matches);
  const resources = resourcesOf(schema).filter(matches);
  if (wanted.names.length > 0 && resources.length === 0) {
    const known = resourcesOf(schema);
    const [only = ""] = wanted.names;
    warnings.push(
      `No table of the schema "${schema.name}" is of ${wanted.names.join(", ")}.${didYouMean(only, known)} Its resources are: ${known.join(", ") || "none"}.`,
    );
  }
  const resourceStates = forgetResources(state, schema.name, matches);
  const own = sourceStateOf(state, schema.name);
  const paths = selectors.flatMap((selector) => {
    const found = own === undefined ? [] : findPaths(selector, own);
    if (found.length === 0)
      warnings.push(`"${selector.text}" leads to nothing in what the source "${schema.name}" remembers.`);
    // A wildcard does not mean what the resources remember.
    return found.filter((path) => path.length > 1 || path[0] !== "resources");
  });
  if (own !== undefined) deletePaths(own, paths);
  const plan: DropPlan = {
    type: "drop-plan",
    request,
    ...where,
    schema: schema.name,
    resources: request.onlyState === true ? [] : resources,
    tables: tables.map((table) => ({ name: table.name, hasData: hasSeenData(table) })),
    resourceStates,
    statePaths: [...new Set(paths.map((path) => `${schema.name}.${printPath(path)}`))],
    warnings,
    isEmpty: tables.length + resourceStates.length + paths.length === 0,
    base,
  };
  dropTables(schema, tables);
  return { plan, schema, state };
}

interface Wanted {
  readonly names: readonly string[];
  readonly matches: (resource: string) => boolean;
  readonly selectors: readonly ReturnType<typeof compileSelector>[];
}

function read({ resources = [], statePaths = [], all = false }: DropRequest): Wanted {
  const names = typeof resources === "string" ? [resources] : resources;
  const paths = typeof statePaths === "string" ? [statePaths] : statePaths;
  if (names.length + paths.length === 0 && !all) {
    throw new LadingError("INVALID_ARGUMENT", "It is not said what to drop.", {
      hint: "Name resources, state paths, or say that all is meant: drop({ resources: [ … ] }), drop({ all: true }).",
    });
  }
  return {
    names,
    matches: all ? () => true : resourcePattern(names),
    selectors: paths.map(compileSelector),
  };
}

function chooseSchema(stored: Stored, request: DropRequest, wanted: Wanted): Schema {
  const known = stored.schemas.map(({ name }) => name);
  if (request.schema !== undefined) {
    const found = stored.schemas.find(({ name }) => name === request.schema);
    if (found !== undefined) return found;
    throw new LadingError(
      "INVALID_ARGUMENT",
      `The pipeline has no schema "${request.schema}".${didYouMean(request.schema, known)}`,
      {
        hint: `It has: ${known.join(", ") || "none"}.`,
        details: { schema: request.schema, known },
      },
    );
  }
  const found = stored.schemas.filter((schema) => isMeant(schema, stored.state, wanted));
  if (found.length > 1) {
    const names = found.map(({ name }) => name);
    throw new LadingError("INVALID_ARGUMENT", `What is to be dropped is in several schemas: ${names.join(", ")}.`, {
      hint: "Say which one is meant, with `schema`; drop from the others one after the other.",
      details: { schemas: names },
    });
  }
  const chosen = found[0] ?? stored.schemas[0];
  if (chosen !== undefined) return chosen;
  throw new LadingError("INVALID_ARGUMENT", "The pipeline has no schema in the dataset.", {
    details: { schemas: schemaNames(stored.state) },
  });
}

function isMeant(schema: Schema, state: PipelineState, { matches, selectors }: Wanted): boolean {
  const own = sourceStateOf(state, schema.name);
  const remembers = own?.get("resources");
  return (
    resourcesOf(schema).some(matches) ||
    (remembers instanceof Map && [...remembers.keys()].some(matches)) ||
    (own !== undefined && selectors.some((selector) => findPaths(selector, own).length > 0))
  );
}

function resourcesOf(schema: Schema): string[] {
  const names = [...schema.tables.values()].flatMap(({ name, resource }) =>
    resource === undefined || isSystemTable(name) ? [] : [resource],
  );
  return [...new Set(names)];
}
