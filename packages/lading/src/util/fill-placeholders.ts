/**
 * A text with its placeholders filled in: `{name}` is one, `{{` and `}}` are braces that mean themselves.
 *
 * @throws RangeError for a brace that stands alone, and for a placeholder that has no value
 */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (found, name: string | undefined) => {
    if (found === "{{" || found === "}}") return found[0]!;
    if (name !== undefined && Object.hasOwn(values, name)) return values[name]!;
    if (name === undefined)
      throw new RangeError(`A brace stands alone; one that means itself is doubled: ${found}${found}`);
    const known = Object.keys(values).map((one) => `{${one}}`);
    const which = known.length === 0 ? "there are none here" : `there are: ${known.join(", ")}`;
    throw new RangeError(`{${name}} is no placeholder (${which}); a brace that means itself is doubled`);
  });
}
