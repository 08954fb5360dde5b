import { LadingError } from "../../errors/index.ts";
import { stripPython } from "../../util/python.ts";
import { conventions, type Convention, type ConventionName } from "./conventions.ts";
import { conventionOf, type OwnConvention } from "./own-convention.ts";
import { shorten, tagLength, type LengthUnit } from "./shorten.ts";

/** How names of a source become names of tables and columns (spec dlt-core 1). */
export interface NamingConvention {
  /** As it is stored in a schema: `snake_case`. */
  readonly name: string;
  /** What stands between the parts of a path: `__`, or `▶` in `direct`. */
  readonly separator: string;
  readonly caseSensitive: boolean;
  /** In characters, or in bytes; `undefined`: no limit. */
  readonly maxLength: number | undefined;
  /** One name. `a__b` is one name here, and becomes `a_b`. Throws NAME_EMPTY for a blank one. */
  normalizeIdentifier(text: string): string;
  /** A name of a table, a dataset or a schema. */
  normalizeTableIdentifier(text: string): string;
  /** A path of names: `a__b` stays `a__b`. A part that is blank is left out, so the result may be empty. */
  normalizePath(text: string): string;
  normalizeTablesPath(text: string): string;
  /** Joins names as they are; blank ones are left out. */
  makePath(...parts: readonly string[]): string;
  /** The names in a path; blank ones are left out. */
  breakPath(path: string): string[];
  /** Joins names that are normalized already, and shortens the whole. */
  shortenFragments(...parts: readonly string[]): string;
}

/**
 * A naming convention that can be asked.
 *
 * @param given a built-in one by its name, or one of the user's own
 * @param maxLength longest name that the destination takes; default: no limit
 * @param unit what the limit counts
 * @throws LadingError INVALID_ARGUMENT for a name that is not known, or a limit that leaves no room for a tag
 */
export function createNaming(
  given: string | OwnConvention,
  maxLength?: number,
  unit: LengthUnit = "characters",
): NamingConvention {
  const name = typeof given === "string" ? given : given.name;
  const { separator, caseSensitive, rewrite, finish } =
    typeof given === "string" ? builtIn(given) : conventionOf(given);
  if (maxLength !== undefined && (!Number.isInteger(maxLength) || maxLength < tagLength)) {
    throw new LadingError("INVALID_ARGUMENT", `Names cannot be cut to ${maxLength} ${unit}.`, {
      hint: `Give a whole number of at least ${tagLength}, or none.`,
      details: { maxLength },
    });
  }

  const normalizeIdentifier = (text: string): string => {
    const identifier = stripPython(text);
    if (identifier === "") {
      throw new LadingError("NAME_EMPTY", "A name of a table or a column is empty or blank.", { details: { text } });
    }
    const short = shorten(rewrite(identifier), identifier, maxLength, unit);
    return finish === undefined ? short : finish(short);
  };
  const makePath = (...parts: readonly string[]): string =>
    parts.filter((part) => stripPython(part) !== "").join(separator);
  const breakPath = (path: string): string[] => path.split(separator).filter((part) => stripPython(part) !== "");
  const normalizePath = (text: string): string =>
    shorten(makePath(...breakPath(text).map(normalizeIdentifier)), text, maxLength, unit);

  return {
    name,
    separator,
    caseSensitive,
    maxLength,
    normalizeIdentifier,
    normalizeTableIdentifier: normalizeIdentifier,
    normalizePath,
    normalizeTablesPath: normalizePath,
    makePath,
    breakPath,
    shortenFragments: (...parts) => {
      const path = makePath(...parts);
      return shorten(path, path, maxLength, unit);
    },
  };
}

/** dlt's conventions may also be called by their modules, as Python imports them. */
const modules = /^dlt\.common\.normalizers\.nam(?:ing|es)\.(\w+)(?:\.NamingConvention)?$/;

function builtIn(name: string): Convention {
  const short = modules.exec(name)?.[1] ?? name;
  if (Object.hasOwn(conventions, short)) return conventions[short as ConventionName];
  throw new LadingError("INVALID_ARGUMENT", `There is no naming convention "${name}".`, {
    hint: `Choose one of ${Object.keys(conventions).join(", ")}; one of your own is given in code: pipeline({ naming: namingConvention({ name: "${name}", … }) }).`,
    details: { name },
  });
}
