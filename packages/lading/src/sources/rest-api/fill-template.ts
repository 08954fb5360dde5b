import { LadingError } from "../../errors/index.ts";
import { selectFirst } from "../../http/index.ts";
import type { Json } from "../../util/json-value.ts";
import { isReference, type Reference, type Template } from "./template.ts";

/** What a reference may become in JSON and in params; big integers only in texts. */
export type Filled = Json | bigint;

/** Whose row fills a template, for messages. */
export interface FillContext {
  readonly row: unknown;
  readonly resource: string;
}

/** The value itself where the template is one reference and nothing else, else the text. */
export function fillValue(template: Template, context: FillContext): Filled {
  const [only] = template;
  if (template.length === 1 && only !== undefined && isReference(only)) return lookUp(only, context) as Filled;
  return fillText(template, context);
}

/** The text, values in it as JSON writes them. */
export function fillText(
  template: Template,
  context: FillContext,
  encode: (text: string) => string = (text) => text,
): string {
  return template
    .map((part) => {
      if (typeof part === "string") return part;
      return isReference(part) ? encode(scalarText(part, context)) : `{${part.param}}`;
    })
    .join("");
}

/**
 * The text of a scalar that a reference finds.
 *
 * @throws REST_PARENT_FIELD_MISSING where it is missing or null: a request without it would ask for something else
 */
export function scalarText(reference: Reference, context: FillContext): string {
  const value = lookUp(reference, context);
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number") return String(value);
  const kind = value === null ? "null" : Array.isArray(value) ? "a list" : "an object";
  throw fieldMissing(reference, context, `is ${kind} in a row`);
}

function lookUp(reference: Reference, context: FillContext): unknown {
  const value = selectFirst(reference.selector, context.row);
  if (value === undefined) throw fieldMissing(reference, context, "is not in a row");
  return value;
}

export function fieldMissing(
  { parent, field }: { parent: string; field: string },
  context: FillContext,
  what: string,
): LadingError {
  const { row, resource } = context;
  const keys = typeof row === "object" && row !== null ? Object.keys(row) : [];
  const there = keys.length > 0 ? ` The row has: ${keys.slice(0, 30).join(", ")}${keys.length > 30 ? ", …" : ""}.` : "";
  return new LadingError(
    "REST_PARENT_FIELD_MISSING",
    `The field "${field}" ${what} of "${parent}", and "${resource}" needs it for its request.${there}`,
    { details: { resource, parent, field, keys } },
  );
}
