import { compileSelector } from "../../http/index.ts";
import type { ResourceConfig } from "./config.ts";
import { type IncrementalPlan, planIncremental } from "./endpoint-incremental.ts";
import { mergeDefaults } from "./merge-defaults.ts";
import { type CheckedConfig, configInvalid } from "./read-config.ts";
import { requestTemplate, type RequestTemplate } from "./request-template.ts";
import { suggest } from "../../util/suggest.ts";
import { isReference } from "./template.ts";

/** A resource as it will be read. */
export interface ResourcePlan {
  readonly config: ResourceConfig;
  readonly endpoint: Exclude<ResourceConfig["endpoint"], string | undefined>;
  readonly request: RequestTemplate;
  readonly incremental?: IncrementalPlan;
  readonly parent: string | undefined;
  /** The path ends with a field of the parent: the answer is likely to be one thing (spec dlt-rest 1.9). */
  readonly singleEntity: boolean;
}

/**
 * Makes the plans of a configuration's resources, in its order.
 *
 * @throws REST_CONFIG_INVALID for names that are there twice, templates that cannot be read, parents that are not there,
 *   several parents, circles
 */
export function planResources(config: CheckedConfig): readonly ResourcePlan[] {
  const problems: string[] = [];
  const names = config.resources.map(({ name }) => name);
  const plans = config.resources.map((given, index): ResourcePlan => {
    const place = `resources[${index}]`;
    const note = (inner: string, text: string): number => problems.push(`${place}.${inner}: ${text}`);
    if (names.indexOf(given.name) < index) note("name", `there is a resource "${given.name}" already`);
    if (given.name.trim() === "") note("name", "is empty");

    const resource = mergeDefaults(config.resourceDefaults ?? {}, given);
    const endpoint = { ...resource.endpoint, path: resource.endpoint?.path ?? given.name };
    const noteEndpoint = (inner: string, text: string): number => note(`endpoint.${inner}`, text);
    const { endpoint: bound, incremental } = planIncremental(endpoint, noteEndpoint);
    const request = requestTemplate({ ...bound, path: endpoint.path }, noteEndpoint);
    checkCursors(request, incremental, noteEndpoint);
    checkSelector(endpoint.dataSelector, (text) => note("endpoint.dataSelector", text));

    const parents = [...new Set(request.references.map(({ parent }) => parent))];
    if (parents.length > 1) note("endpoint", `refers to several parents: ${parents.join(", ")}; there can be one`);
    for (const parent of parents) {
      if (!names.includes(parent)) note("endpoint", noParent(parent, names));
    }
    if (parents.length === 0 && (given.includeFromParent?.length ?? 0) > 0) {
      note("includeFromParent", "the resource has no parent: no {resources.<parent>.<field>} in its endpoint");
    }
    const singleEntity = endsInReference(request);
    return {
      config: resource,
      endpoint,
      request,
      ...(incremental && { incremental }),
      parent: parents[0],
      singleEntity,
    };
  });
  if (problems.length === 0) problems.push(...circles(plans));
  if (problems.length > 0) throw configInvalid(problems, config.name);
  return plans;
}

/** Whether the last step of the path, without the query, holds a reference. */
function endsInReference({ path }: RequestTemplate): boolean {
  const shape = path
    .map((part) => (isReference(part) ? "\0" : typeof part === "string" ? part : ""))
    .join("")
    .replace(/[?#].*$/s, "");
  return /\0[^/]*\/*$/.test(shape);
}

/** A value that a request cannot do without must be there in the first run. */
function checkCursors(
  { cursorReferences }: RequestTemplate,
  incremental: IncrementalPlan | undefined,
  note: (place: string, text: string) => void,
): void {
  for (const { text, cursor, place, optional } of cursorReferences) {
    const { initialValue, endValue } = incremental?.cursor.settings ?? {};
    if (incremental === undefined) note(place, `{${text}}: the endpoint has no "incremental"`);
    else if (!optional && (cursor === "end_value" ? endValue : initialValue) === undefined) {
      note(place, `{${text}} has no value in the first run; give "incremental" one, or let a param be just this`);
    }
  }
}

function checkSelector(selector: string | null | undefined, note: (text: string) => void): void {
  if (selector === undefined || selector === null) return;
  try {
    compileSelector(selector);
  } catch (error) {
    note((error as Error).message);
  }
}

function noParent(parent: string, names: readonly string[]): string {
  const near = suggest(parent, names);
  const guess = near === undefined ? `The resources are: ${names.join(", ")}.` : `Did you mean "${near}"?`;
  return `there is no resource "${parent}". ${guess}`;
}

function circles(plans: readonly ResourcePlan[]): readonly string[] {
  const parents = new Map(plans.map(({ config, parent }) => [config.name, parent]));
  for (const start of parents.keys()) {
    const way = [start];
    for (let next = parents.get(start); next !== undefined; next = parents.get(next)) {
      way.push(next);
      if (next === start) return [`the resources depend on each other in a circle: ${way.join(" → ")}`];
      if (way.length > plans.length) break;
    }
  }
  return [];
}
