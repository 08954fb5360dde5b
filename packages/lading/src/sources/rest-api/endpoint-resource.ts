import { HttpClient, type Agents, type PaginateOptions, readAhead } from "../../http/index.ts";
import type { Definition } from "../../resource/definition.ts";
import { filterStep } from "../../resource/filter-step.ts";
import { fluentResource, type FluentResource } from "../../resource/fluent-resource.ts";
import { cursorValues } from "./endpoint-incremental.ts";
import type { FillContext } from "./fill-template.ts";
import {
  type FunctionContext,
  isPage,
  page as makePage,
  type Page,
  type ResourceContext,
} from "../../resource/index.ts";
import { mapStep } from "../../resource/map-step.ts";
import { hintKeys } from "../../resource/check-keys.ts";
import type { PageStep } from "../../resource/page-step.ts";
import { readPages } from "../../resource/read-pages.ts";
import type { Resource } from "../../resource/index.ts";
import { validateStep } from "../../resource/validate-step.ts";
import type { Json } from "../../util/json-value.ts";
import type { ClientConfig } from "./config.ts";
import { fingerprint } from "./fingerprint.ts";
import { type ExactRows, includedFields, includeFields } from "./include-parent.ts";
import type { ResourcePlan } from "./plan.ts";
import { fillRequest } from "./request-template.ts";
import type { RestApiRuntime } from "./runtime.ts";
import { toAuth } from "./to-auth.ts";
import { entityPaginator, toPaginator } from "./to-paginator.ts";

/** What the resources of one source share. */
export interface Shared {
  readonly client: ClientConfig;
  /** Connections are kept from one resource to the next. */
  readonly agents: () => Agents;
  readonly runtime: RestApiRuntime;
  readonly exactRows: ExactRows;
}

/** A resource that reads one endpoint. */
export function endpointResource(
  plan: ResourcePlan,
  shared: Shared,
  family: { readonly parent: Resource | undefined; readonly hasChildren: boolean },
): FluentResource {
  const { config } = plan;
  const { name, selected = true } = config;
  const { parent, hasChildren } = family;
  const readRoot = (context: FunctionContext): AsyncIterable<Page> => rootPages(plan, shared, context, hasChildren);
  const readChildren = (rows: readonly unknown[], context: FunctionContext): AsyncIterable<Page> =>
    readAhead((signal) => childPages(rows, plan, shared, { ...context, signal }, hasChildren), context.signal);
  const readAll = (context: FunctionContext): AsyncIterable<Page> =>
    parent === undefined ? readRoot(context) : pagesOfAll(parent, readChildren, context);
  const definition: Definition = {
    name,
    hints: hintsOf(plan),
    selected,
    steps: [...stepsOf(plan), ...(hasChildren ? [rememberStep(shared.exactRows)] : [])],
    ...(plan.incremental && { incremental: plan.incremental.cursor }),
    origin:
      parent === undefined
        ? { type: "function", read: readRoot }
        : {
            type: "parent",
            parent,
            each: (row, context) => readChildren([row], context),
            concurrency: 1,
          },
  };
  return {
    ...fluentResource(definition),
    fingerprint: fingerprint(plan, shared.client),
    pages: (context) => readPages(definition, context, readAll),
    ...(hasChildren && { onRestored: (page: Page) => rememberExact(page, shared.exactRows) }),
    ...(parent !== undefined && {
      pagesOf: (rows: readonly unknown[], context: ResourceContext): AsyncIterable<Page> =>
        readPages(definition, context, (own) => readChildren(rows, own)),
    }),
  };
}

function hintsOf({ config }: ResourcePlan): Definition["hints"] {
  const declared = hintKeys.map((key) => [key, config[key]] as const);
  return Object.fromEntries(declared.filter(([, value]) => value !== undefined));
}

function stepsOf({ config }: ResourcePlan): readonly PageStep[] {
  const steps = (config.processingSteps ?? []).flatMap(({ filter, map }) => [
    ...(filter === undefined ? [] : [filterStep(filter as (row: unknown) => unknown)]),
    ...(map === undefined ? [] : [mapStep(map as (row: unknown) => unknown)]),
  ]);
  return config.schema === undefined ? steps : [...steps, validateStep(config.schema)];
}

/** Children may take fields along, with the digits that the row itself has lost. */
function rememberExact({ rows, exact }: Page, exactRows: ExactRows): void {
  if (exact === undefined) return;
  for (const [index, row] of rows.entries()) {
    if (typeof row === "object" && row !== null) exactRows.set(row, () => exact()[index] ?? null);
  }
}

function rememberStep(exactRows: ExactRows): PageStep {
  return async (page) => {
    rememberExact(page, exactRows);
    return page;
  };
}

function clientFor(shared: Shared, context: ResourceContext): HttpClient {
  const { client, runtime } = shared;
  const { auth, paginator: _paginator, ...options } = client;
  return new HttpClient({
    ...options,
    ...runtime,
    agents: shared.agents(),
    ...(auth === undefined ? {} : { auth: toAuth(auth, context.config) }),
    secret: (secret) => context.config.secret(secret),
    keepSecret: (name, value) => context.config.keep?.(name, value),
    onRetry: ({ wait, error }) => context.warn(`${error.message} Trying again in ${(wait / 1000).toFixed(1)} s.`),
  });
}

/** The options of a chain that do not come from a parent's row. */
function chainOptions(plan: ResourcePlan, shared: Shared, context: ResourceContext, bigint: boolean): PaginateOptions {
  const { endpoint, singleEntity } = plan;
  const { auth, allowMissing = false, allowRepeatedPages = false } = endpoint;
  const inherited = shared.client.paginator === undefined ? undefined : toPaginator(shared.client.paginator);
  const own = endpoint.paginator ?? undefined;
  const paginator = own !== undefined ? toPaginator(own) : singleEntity ? entityPaginator(inherited) : inherited;
  const dataSelector = endpoint.dataSelector ?? (singleEntity ? "$" : undefined);
  return {
    allowMissing,
    allowRepeatedPages,
    bigint,
    signal: context.signal,
    warn: context.warn,
    ...(paginator === undefined ? {} : { paginator }),
    ...(dataSelector === undefined ? {} : { dataSelector }),
    ...(auth === undefined ? {} : { auth: auth === null ? null : toAuth(auth, context.config) }),
  };
}

function fillOptions({ config, incremental }: ResourcePlan, row: unknown, { cursor }: FunctionContext): FillContext {
  return { row, resource: config.name, ...(incremental && { cursor: cursorValues(incremental, cursor) }) };
}

function rootPages(plan: ResourcePlan, shared: Shared, context: FunctionContext, bigint: boolean): AsyncIterable<Page> {
  const { path, ...parts } = fillRequest(plan.request, fillOptions(plan, undefined, context));
  const options = chainOptions(plan, shared, context, bigint);
  return clientFor(shared, context).paginate(path, {
    ...options,
    ...parts,
    position: context.position,
  }) as AsyncIterable<Page>;
}

/** Where the rows of a parent's page stand: which of them, and the position in its own pages. */
interface ChildPosition {
  readonly row: number;
  readonly at?: Json;
}

/** The pages that belong to some rows of the parent, row after row. A position says which row is next, and where in it. */
async function* childPages(
  rows: readonly unknown[],
  plan: ResourcePlan,
  shared: Shared,
  context: FunctionContext,
  bigint: boolean,
): AsyncGenerator<Page, void, undefined> {
  if (context.position === null) return;
  const start = (context.position ?? { row: 0 }) as unknown as ChildPosition;
  const { name, includeFromParent = [] } = plan.config;
  const client = clientFor(shared, context);
  const options = chainOptions(plan, shared, context, bigint);
  for (let index = start.row; index < rows.length; index++) {
    const row = rows[index];
    const { path, ...parts } = fillRequest(plan.request, fillOptions(plan, row, context));
    const { exactRows } = shared;
    const fields = includedFields(includeFromParent, { row, parent: plan.parent ?? "", resource: name, exactRows });
    const position = index === start.row ? start.at : undefined;
    const pages = client.paginate(path, { ...options, ...parts, position, prefetch: false }) as AsyncIterable<Page>;
    for await (const page of pages) {
      yield makePage({ ...includeFields(page, fields), position: childPosition(page, index, rows.length) });
    }
  }
}

function childPosition({ position }: Page, row: number, rows: number): Json {
  if (position !== null && position !== undefined) return { row, at: position };
  return row + 1 < rows ? { row: row + 1 } : null;
}

async function* withoutPositions(pages: AsyncIterable<Page>): AsyncGenerator<Page, void, undefined> {
  for await (const { position: _position, ...rest } of pages) yield makePage(rest);
}

/** A child that is read by itself: its parent is read for it. */
async function* pagesOfAll(
  parent: Resource,
  read: (rows: readonly unknown[], context: FunctionContext) => AsyncIterable<Page>,
  context: FunctionContext,
): AsyncGenerator<Page, void, undefined> {
  const own = { ...context, position: undefined };
  for await (const item of parent.pages({ ...own, state: {}, stateBefore: {} })) {
    const rows: readonly unknown[] = isPage(item) ? item.rows : Array.isArray(item) ? (item as unknown[]) : [item];
    yield* withoutPositions(read(rows, own));
  }
}
