import { createAgents, type Agents } from "../../http/index.ts";
import { type Resource, source } from "../../resource/index.ts";
import type { SourceOptions } from "../../resource/define-source.ts";
import type { RestApiConfig } from "./config.ts";
import { endpointResource, type Shared } from "./endpoint-resource.ts";
import { type ResourcePlan, planResources } from "./plan.ts";
import { type CheckedConfig, configInvalid, readConfig } from "./read-config.ts";
import type { RestApiRuntime } from "./runtime.ts";
import { toPaginator } from "./to-paginator.ts";
import type { CheckedReferences, RestApiSource } from "./types.ts";

/**
 * A source that reads a REST API, from its description as data.
 *
 * ```ts
 * const stickyio = restApi({
 *   name: "stickyio",
 *   client: { baseUrl: "https://acme.sticky.io/api/v2/", auth: "http_basic" },
 *   resourceDefaults: { primaryKey: "id", writeDisposition: "merge" },
 *   resources: [
 *     { name: "products", endpoint: { path: "products", dataSelector: "data" } },
 *     { name: "variants", endpoint: { path: "products/{resources.products.id}/variants" } },
 *   ],
 * });
 * ```
 *
 * A reference to a resource that is not there does not compile; where the parent's rows are typed, neither does one to a
 * field that is not there.
 *
 * @throws REST_CONFIG_INVALID, which lists everything that is wrong
 */
export function restApi<const Config extends RestApiConfig>(
  config: Config & CheckedReferences<Config>,
  runtime: RestApiRuntime = {},
): RestApiSource<Config> {
  return buildSource(readConfig(config, "camelCase"), runtime) as unknown as RestApiSource<Config>;
}

/** A source from a checked configuration. Nothing is sent before a resource is read. */
export function buildSource(config: CheckedConfig, runtime: RestApiRuntime): RestApiSource<RestApiConfig> {
  const plans = planResources(config);
  checkPaginators(config, plans);
  let agents: Agents | undefined;
  const shared: Shared = {
    client: config.client,
    agents: () => (agents ??= createAgents()),
    runtime,
    exactRows: new WeakMap(),
  };
  const parents = new Set(plans.map(({ parent }) => parent));
  const made = new Map<string, Resource>();
  const make = (plan: ResourcePlan): Resource => {
    const { name } = plan.config;
    const known = made.get(name);
    if (known !== undefined) return known;
    const parentPlan = plans.find(({ config: { name: other } }) => other === plan.parent);
    const parent = parentPlan === undefined ? undefined : make(parentPlan);
    const resource = endpointResource(plan, shared, { parent, hasChildren: parents.has(name) });
    made.set(name, resource);
    return resource;
  };
  const { maxTableNesting, rootKey, schemaContract } = config;
  const options: SourceOptions = {
    ...(maxTableNesting === undefined ? {} : { maxTableNesting }),
    ...(rootKey === undefined ? {} : { rootKey }),
    ...(schemaContract === undefined ? {} : { schemaContract }),
  };
  return source(config.name, plans.map(make), options) as unknown as RestApiSource<RestApiConfig>;
}

/** Options that contradict each other are told at once, not when the first page is there. */
function checkPaginators(config: CheckedConfig, plans: readonly ResourcePlan[]): void {
  const all = [
    ["client.paginator", config.client.paginator] as const,
    ...plans.map(({ endpoint }, i) => [`resources[${i}].endpoint.paginator`, endpoint.paginator] as const),
  ];
  const problems = all.flatMap(([place, paginator]) => {
    if (paginator === undefined || paginator === null) return [];
    try {
      toPaginator(paginator);
      return [];
    } catch (error) {
      return [`${place}: ${(error as Error).message}`];
    }
  });
  if (problems.length > 0) throw configInvalid(problems, config.name);
}
