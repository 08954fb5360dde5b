/**
 * Whether a column of the database takes every value of the type that the schema wants there as it is: COPY refuses
 * what does not parse, but rounds fractions and instants.
 *
 * @param wanted the type of the schema, as `format_type` spells it
 * @param found the type in the catalog
 */
export function columnFits(wanted: string, found: string): boolean {
  if (wanted === found) return true;
  const [want, have] = [parseType(wanted), parseType(found)];
  // Text takes the text of anything; of bytes it would be an escaped one.
  if (have.name === "text" || (have.name === "character varying" && have.arguments.length === 0))
    return want.name !== "bytea";
  if (want.name === "jsonb" && have.name === "json") return true;
  if (have.name === "character varying" && want.name === "character varying")
    return want.arguments.length > 0 && want.arguments[0]! <= have.arguments[0]!;
  const bits = integers.indexOf(want.name);
  if (have.name === "numeric") {
    if (have.arguments.length === 0) return bits >= 0 || want.name === "numeric";
    const [precision = 0, scale = 0] = have.arguments;
    if (bits >= 0) return precision - scale >= integerDigits[bits]!;
    if (want.name !== "numeric") return false;
    const [wantedPrecision = 0, wantedScale = 0] = want.arguments;
    return scale >= wantedScale && precision - scale >= wantedPrecision - wantedScale;
  }
  if (bits >= 0) return integers.indexOf(have.name) >= bits;
  if (want.name === have.name && want.name.startsWith("time"))
    return (have.arguments[0] ?? 6) >= (want.arguments[0] ?? 6);
  return false;
}

const integers = ["smallint", "integer", "bigint"];
const integerDigits = [5, 10, 19];

/** `timestamp(3) with time zone` is `timestamp with time zone`, and `[3]`. */
function parseType(type: string): { readonly name: string; readonly arguments: readonly number[] } {
  const match = /^(.*?)\(([\d,]+)\)(.*)$/.exec(type);
  if (match === null) return { name: type, arguments: [] };
  return { name: `${match[1]}${match[3]}`, arguments: match[2]!.split(",").map(Number) };
}
