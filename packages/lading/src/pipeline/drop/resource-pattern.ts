import { LadingError } from "../../errors/index.ts";

/**
 * Which resources are meant, as dlt writes it: a name, or after `re:` a regular expression that fits the beginning of one.
 *
 * @throws LadingError INVALID_ARGUMENT where an expression cannot be read
 */
export function resourcePattern(wanted: readonly string[]): (resource: string) => boolean {
  const names = new Set(wanted.filter((one) => !one.startsWith("re:")));
  const expressions = wanted.filter((one) => one.startsWith("re:")).map((one) => expression(one.slice(3)));
  return (resource) => names.has(resource) || expressions.some((one) => one.test(resource));
}

function expression(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})`);
  } catch (cause) {
    throw new LadingError("INVALID_ARGUMENT", `"re:${text}" is no regular expression.`, {
      cause,
      hint: "After re: a regular expression stands, such as re:^order.",
    });
  }
}
