import { cursorFields, type CursorField } from "./endpoint-incremental.ts";
import { compileSelector, type Selector } from "../../http/index.ts";

/** A field of the parent's row. */
export interface Reference {
  /** As it was written: `resources.posts.id`. */
  readonly text: string;
  readonly parent: string;
  readonly field: string;
  readonly selector: Selector;
}

/** A value of the endpoint's cursor. */
export interface CursorReference {
  /** As it was written: `incremental.start_value`. */
  readonly text: string;
  readonly cursor: CursorField;
}

export type TemplatePart = string | Reference | CursorReference | { readonly param: string };

/** A text with places to be filled. */
export type Template = readonly TemplatePart[];

/**
 * Reads a text in dlt's grammar (spec dlt-rest 1.11): `{resources.<parent>.<field>}`; in a path also `{param}`; braces that
 * mean themselves are doubled.
 *
 * @returns the parts, or what is wrong as a text
 */
export function parseTemplate(text: string, place: "path" | "value"): Template | { readonly problem: string } {
  const parts: TemplatePart[] = [];
  let literal = "";
  let i = 0;
  while (i < text.length) {
    const char = text[i]!;
    if ((char === "{" || char === "}") && text[i + 1] === char) {
      literal += char;
      i += 2;
    } else if (char === "{") {
      const end = text.indexOf("}", i);
      if (end < 0) return { problem: `"${shorten(text)}" has a { without a }; double it if it means itself` };
      const part = parseExpression(text.slice(i + 1, end), place);
      if ("problem" in part) return part;
      if (literal !== "") parts.push(literal);
      literal = "";
      parts.push(part);
      i = end + 1;
    } else if (char === "}") {
      return { problem: `"${shorten(text)}" has a } without a {; double it if it means itself` };
    } else {
      literal += char;
      i += 1;
    }
  }
  if (literal !== "" || parts.length === 0) parts.push(literal);
  return parts;
}

export function isReference(part: TemplatePart): part is Reference {
  return typeof part === "object" && "parent" in part;
}

export function isCursorReference(part: TemplatePart): part is CursorReference {
  return typeof part === "object" && "cursor" in part;
}

type Expression = Reference | CursorReference | { readonly param: string } | { readonly problem: string };

function parseExpression(text: string, place: "path" | "value"): Expression {
  if (text.startsWith("resources.")) return parseReference(text);
  if (text.startsWith("incremental.")) return parseCursorReference(text);
  if (place === "path" && /^[\w-]+$/.test(text)) return { param: text };
  return {
    problem: `{${shorten(text)}} is no expression; known are {resources.<parent>.<field>} and {incremental.start_value}. Double braces that mean themselves`,
  };
}

function parseCursorReference(text: string): Expression {
  const name = text.slice("incremental.".length);
  const cursor = cursorFields.find((field) => field === name);
  if (cursor !== undefined) return { text, cursor };
  if (/[:!]/.test(name)) return { problem: `{${text}}: formats and conversions are not supported; use "convert"` };
  return { problem: `{${text}}: a cursor has ${cursorFields.join(", ")}` };
}

function parseReference(text: string): Expression {
  const match = /^resources\.([^.]+)\.(.+)$/s.exec(text);
  if (match === null) return { problem: `{${text}} should be {resources.<parent>.<field>}` };
  const [, parent = "", field = ""] = match;
  if (/[:!]/.test(field) && !/['"]/.test(field))
    return { problem: `{${text}}: formats and conversions are not supported yet` };
  try {
    return { text, parent, field, selector: compileSelector(field) };
  } catch (error) {
    return { problem: `{${text}}: ${(error as Error).message}` };
  }
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
