import type { DataType } from "./data-type.ts";
import type { ColumnSchema, SchemaSettings } from "./schema.ts";

/** Hints by name that a new column gets, in dlt's order of properties (spec dlt-core 3.4). */
const booleanHints = [
  "partition",
  "cluster",
  "sort",
  "unique",
  "primary_key",
  "merge_key",
  "row_key",
  "parent_key",
  "root_key",
  "hard_delete",
] as const;

/**
 * Whether a *simple regex* of dlt matches a name: a plain name, or `re:` and a regular expression that is searched
 * (spec dlt-core 4.7).
 */
function matchesSimpleRegex(pattern: string, name: string): boolean {
  return pattern.startsWith("re:") ? compiled(pattern.slice(3)).test(name) : pattern === name;
}

const expressions = new Map<string, RegExp>();

function compiled(source: string): RegExp {
  let expression = expressions.get(source);
  // Python's \Z and named groups are the differences that occur in real schemas.
  if (expression === undefined) {
    expression = new RegExp(source.replaceAll("(?P<", "(?<").replaceAll("\\Z", "$"), "u");
    expressions.set(source, expression);
  }
  return expression;
}

/** The type that the settings prefer for a column of this name; the first match wins. */
export function preferredType(settings: SchemaSettings, name: string): DataType | undefined {
  if (settings.preferred_types === undefined) return undefined;
  for (const [pattern, type] of Object.entries(settings.preferred_types)) {
    if (matchesSimpleRegex(pattern, name)) return type;
  }
  return undefined;
}

/** Whether a default hint of the settings holds for a column of this name. */
export function hasDefaultHint(settings: SchemaSettings, hint: string, name: string): boolean {
  return settings.default_hints?.[hint]?.some((pattern) => matchesSimpleRegex(pattern, name)) ?? false;
}

/** An ordinary new column: its name, type, whether it may be null, and what the settings say of its name. */
export function newColumn(settings: SchemaSettings, name: string, dataType: DataType): ColumnSchema {
  const column: ColumnSchema = {
    name,
    data_type: dataType,
    nullable: !hasDefaultHint(settings, "not_null", name),
  };
  for (const hint of booleanHints) if (hasDefaultHint(settings, hint, name)) column[hint] = true;
  return column;
}
