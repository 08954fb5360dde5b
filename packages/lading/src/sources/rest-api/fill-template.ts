import { LadingError } from "../../errors/index.ts";
import { selectFirst } from "../../http/index.ts";
import type { Json } from "../../util/json-value.ts";
import type { CursorValues } from "./endpoint-incremental.ts";
import { type CursorReference, isCursorReference, isReference, type Reference, type Template } from "./template.ts";

/** What a reference may become in JSON and in params; big integers only in texts. */
export type Filled = Json | bigint;

/** Whose row fills a template, for messages. */
export interface FillContext {
  readonly row: unknown;
  readonly resource: string;
  /** What its cursor is in this run, where there is one. */
  readonly cursor?: CursorValues | undefined;
}

/**
 * The value itself where the template is one reference and nothing else, else the text; `undefined` for a cursor's value
 * that there is not yet.
 */
export function fillValue(template: Template, context: FillContext): Filled | undefined {
  const [only] = template;
  if (template.length === 1 && only !== undefined && isCursorReference(only)) return context.cursor?.[only.cursor];
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
      if (isCursorReference(part)) return encode(cursorText(part, context));
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

/** That there is a value where one is needed was checked with the configuration; what `convert` makes of it was not. */
function cursorText({ text, cursor }: CursorReference, { cursor: values, resource }: FillContext): string {
  const value = values?.[cursor];
  if (value !== undefined && value !== null && typeof value !== "object") return String(value);
  throw new LadingError("CURSOR_INVALID", `{${text}} has no value that a request of "${resource}" could hold.`, {
    hint: "Give the cursor an initial value; what `convert` gives must be a text, a number, true or false.",
    details: { resource },
  });
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
