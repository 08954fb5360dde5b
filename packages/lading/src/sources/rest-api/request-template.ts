import { isSecret, type Secret } from "../../config/secret.ts";
import { LadingError } from "../../errors/index.ts";
import type { HttpMethod, ParamValue, SecretText } from "../../http/index.ts";
import type { Json } from "../../util/json-value.ts";
import type { BoundEndpoint } from "./endpoint-incremental.ts";
import { fieldMissing, type FillContext, fillText, fillValue, scalarText } from "./fill-template.ts";
import { isObject } from "./reader.ts";
import {
  type CursorReference,
  isCursorReference,
  isReference,
  parseTemplate,
  type Reference,
  type Template,
} from "./template.ts";

/** A request with places to be filled from a parent's row. */
export interface RequestTemplate {
  readonly path: Template;
  readonly method: HttpMethod;
  readonly params: readonly (readonly [name: Template, value: ParamSource])[];
  readonly headers: readonly (readonly [name: Template, value: Template | Secret])[];
  readonly json: TemplateTree | undefined;
  /** All places that are filled. */
  readonly references: readonly Reference[];
  readonly cursorReferences: readonly PlacedCursor[];
}

/** A value of the cursor, and where it stands. */
export interface PlacedCursor extends CursorReference {
  readonly place: string;
  /** The param is left out where there is no value. */
  readonly optional: boolean;
}

type ParamSource =
  | { readonly template: Template }
  | { readonly items: readonly ParamSource[] }
  | { readonly value: ParamValue | Secret };

type TemplateTree =
  | { readonly template: Template }
  | { readonly value: Json }
  | { readonly list: readonly TemplateTree[] }
  | { readonly object: readonly (readonly [key: Template, value: TemplateTree])[] };

/** A request with all values in their places. */
export interface FilledRequest {
  readonly path: string;
  /** `true`: the path is a link from the parent's row. */
  readonly untrustedPath: boolean;
  readonly method: HttpMethod;
  readonly params: Readonly<Record<string, ParamValue | Secret>>;
  readonly headers: Readonly<Record<string, SecretText>>;
  readonly json?: Json;
}

/**
 * Reads the templates of an endpoint. Params that the path names are put into it, and are no params any more.
 *
 * @param note takes what is wrong, with the place within the endpoint
 */
export function requestTemplate(
  endpoint: BoundEndpoint & { readonly path: string },
  note: (place: string, problem: string) => void,
): RequestTemplate {
  const references: Reference[] = [];
  const cursorReferences: PlacedCursor[] = [];
  const read = (text: string, place: string, kind: "path" | "value"): Template => {
    const template = parseTemplate(text, kind);
    if ("problem" in template) {
      note(place, template.problem);
      return [""];
    }
    references.push(...template.filter(isReference));
    const optional = template.length === 1 && place.startsWith("params.");
    cursorReferences.push(...template.filter(isCursorReference).map((part) => ({ ...part, place, optional })));
    return template;
  };
  const source = (value: ParamValue | Secret, place: string): ParamSource => {
    if (typeof value === "string") return { template: read(value, place, "value") };
    return Array.isArray(value) ? { items: value.map((item: ParamValue) => source(item, place)) } : { value };
  };
  const { path, used } = bindParams(read(endpoint.path, "path", "path"), endpoint.params ?? {}, note);

  const params = Object.entries(endpoint.params ?? {})
    .filter(([name]) => !used.has(name))
    .map(([name, value]) => {
      const place = `params.${name}`;
      return [read(name, place, "value"), source(value, place)] as const;
    });
  const headers = Object.entries(endpoint.headers ?? {}).flatMap(([name, value]) => {
    if (value === null) return [];
    const place = `headers.${name}`;
    return [[read(name, place, "value"), isSecret(value) ? value : read(value, place, "value")] as const];
  });
  const tree = (value: Json, place: string): TemplateTree => {
    if (typeof value === "string") return { template: read(value, place, "value") };
    if (Array.isArray(value)) return { list: value.map((item: Json, i) => tree(item, `${place}[${i}]`)) };
    if (!isObject(value)) return { value };
    const entries = Object.entries(value);
    return {
      object: entries.map(([key, item]) => [read(key, place, "value"), tree(item, `${place}.${key}`)] as const),
    };
  };
  const json = endpoint.json === undefined ? undefined : tree(endpoint.json, "json");
  return { path, method: endpoint.method ?? "GET", params, headers, json, references, cursorReferences };
}

function bindParams(
  path: Template,
  params: NonNullable<BoundEndpoint["params"]>,
  note: (place: string, problem: string) => void,
): { readonly path: Template; readonly used: ReadonlySet<string> } {
  const used = new Set<string>();
  const bound = path.map((part) => {
    if (typeof part === "string" || !("param" in part)) return part;
    const value = Object.hasOwn(params, part.param) ? params[part.param] : undefined;
    used.add(part.param);
    if (typeof value === "string" || typeof value === "number") return encodeURIComponent(value);
    note("path", `{${part.param}} needs a param of that name, a text or a number`);
    return "";
  });
  return { path: bound, used };
}

/** @throws REST_PARENT_FIELD_MISSING */
export function fillRequest(template: RequestTemplate, context: FillContext): FilledRequest {
  const params: Record<string, ParamValue | Secret> = {};
  for (const [name, value] of template.params) {
    const filled = fillParam(value, context);
    if (filled !== undefined) params[fillText(name, context)] = filled;
  }
  const headers: Record<string, SecretText> = {};
  for (const [name, value] of template.headers) {
    headers[fillText(name, context)] = isSecret(value) ? value : fillText(value, context);
  }
  return {
    ...fillPath(template.path, context),
    method: template.method,
    params,
    headers,
    ...(template.json === undefined ? {} : { json: fillTree(template.json, context) }),
  };
}

function fillParam(source: ParamSource, context: FillContext): ParamValue | Secret | undefined {
  if ("template" in source) return paramValue(source.template, context);
  if ("items" in source) return source.items.map((item) => fillParam(item, context)) as readonly string[];
  return source.value;
}

function paramValue(template: Template, context: FillContext): ParamValue | undefined {
  const value = fillValue(template, context);
  if (typeof value !== "object") return value;
  const scalars = Array.isArray(value) && value.every((item) => typeof item !== "object");
  if (scalars) return value as readonly string[];
  const reference = template.find(isReference);
  if (reference === undefined) throw unsendable(context);
  throw fieldMissing(reference, context, value === null ? "is null in a row" : "is an object in a row");
}

function unsendable({ resource }: FillContext): LadingError {
  return new LadingError("CURSOR_INVALID", `What "convert" gives cannot be a param of "${resource}".`, {
    hint: "A param is a text, a number, true, false, or a list of these.",
    details: { resource },
  });
}

/** A path that is one reference may be a link; in any other, values are encoded, and cannot leave their place. */
function fillPath(path: Template, context: FillContext): { readonly path: string; readonly untrustedPath: boolean } {
  const [only] = path;
  if (path.length === 1 && only !== undefined && isReference(only)) {
    const link = scalarText(only, context);
    if (/^https?:\/\//i.test(link)) return { path: link, untrustedPath: true };
  }
  for (const reference of path.filter(isReference)) {
    if (scalarText(reference, context) === "") throw fieldMissing(reference, context, "is empty in a row");
  }
  const filled = fillText(path, context, encodeURIComponent);
  const reference = path.find(isReference);
  const steps = filled.split(/[?#]/, 1)[0]?.split("/") ?? [];
  if (reference !== undefined && steps.some((step) => step === "." || step === "..")) {
    throw fieldMissing(reference, context, 'makes a step "." or ".." of the path, from a row');
  }
  return { path: filled, untrustedPath: false };
}

function fillTree(tree: TemplateTree, context: FillContext): Json {
  if ("value" in tree) return tree.value;
  if ("list" in tree) return tree.list.map((item) => fillTree(item, context));
  if ("object" in tree) {
    return Object.fromEntries(tree.object.map(([key, value]) => [fillText(key, context), fillTree(value, context)]));
  }
  const value = fillValue(tree.template, context);
  if (value === undefined) throw unsendable(context);
  return plainJson(value, tree.template, context);
}

/** A body is kept in positions, which are plain JSON: there is no place for an integer beyond 2^53. */
function plainJson(value: unknown, template: Template, context: FillContext): Json {
  if (typeof value === "bigint") {
    const field = template.find(isReference)?.field ?? "";
    throw new LadingError(
      "REST_PARENT_FIELD_MISSING",
      `The field "${field}" is ${value}, too large a number for a JSON body of "${context.resource}".`,
      { hint: "Put text around it, or make it a text in the parent's processing steps." },
    );
  }
  if (Array.isArray(value)) return value.map((item: unknown) => plainJson(item, template, context));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainJson(item, template, context)]));
  }
  return value as Json;
}
