import { LadingError } from "../../errors/index.ts";
import { stripPython } from "../../util/python.ts";
import { conventions, type Convention } from "./conventions.ts";

/** What a naming convention of one's own consists of. */
export interface NamingConventionOptions {
  /**
   * What is stored in schemas; a later run, and Python dlt, know it by that: for dlt it is the module or class,
   * `my_module.my_naming`.
   */
  readonly name: string;
  /** What stands between the parts of a path, as in `orders__lines`. Default: `__`. */
  readonly separator?: string;
  /**
   * What becomes of one name of a table or column, which is not blank and has no blanks at its ends. Pure, and a name that it
   * has made must stay as it is. Names of dlt's own (`_dlt_…`) are not given to it; what is too long for the destination is
   * shortened afterwards.
   */
  readonly normalize: (identifier: string) => string;
}

/** A naming convention of one's own: see {@link namingConvention}. */
export interface OwnConvention {
  readonly type: "naming-convention";
  readonly name: string;
  readonly separator: string;
  readonly normalize: (identifier: string) => string;
}

/** What dlt's own names begin with. */
const systemPrefix = "_dlt";

/**
 * A naming convention of one's own.
 *
 * ```ts
 * const shouting = namingConvention({
 *   name: "acme.shouting",
 *   normalize: (name) => name.toUpperCase().replaceAll(/[^A-Z0-9_]+/g, "_"),
 * });
 * pipeline({ name: "shop", source: shop, destination: duckdb(), naming: shouting });
 * ```
 *
 * @throws LadingError NAME_EMPTY; INVALID_ARGUMENT
 */
export function namingConvention(options: NamingConventionOptions): OwnConvention {
  const { name, separator = "__", normalize, ...unknown } = options;
  const invalid = (problem: string): LadingError =>
    new LadingError("INVALID_ARGUMENT", `The naming convention "${name}" ${problem}.`);
  if (typeof name !== "string" || stripPython(name) === "")
    throw new LadingError("NAME_EMPTY", "A naming convention has no name.");
  if (Object.keys(unknown).length > 0) throw invalid(`has no option "${Object.keys(unknown).join('", "')}"`);
  if (Object.hasOwn(conventions, name)) throw invalid("is called like a built-in one");
  if (typeof separator !== "string" || stripPython(separator) === "") throw invalid("has no separator");
  if (typeof normalize !== "function") throw invalid("has no function normalize");
  return { type: "naming-convention", name, separator, normalize };
}

/** As the built-in ones are described; every name that the function makes is checked. */
export function conventionOf({ name, separator, normalize }: OwnConvention): Convention {
  const ask = (identifier: string): string => {
    const made: unknown = normalize(identifier);
    if (typeof made === "string" && stripPython(made) !== "") return made;
    throw new LadingError("NAME_EMPTY", `The naming convention "${name}" makes no name of "${identifier}".`, {
      details: { naming: name, identifier },
    });
  };
  return {
    separator,
    caseSensitive: true,
    rewrite(identifier) {
      if (identifier.startsWith(systemPrefix)) return identifier;
      const made = ask(identifier);
      const again = made === identifier ? made : ask(made);
      if (again === made) return made;
      throw new LadingError(
        "INVALID_ARGUMENT",
        `The naming convention "${name}" makes "${made}" of "${identifier}", and "${again}" of that.`,
        {
          hint: "Let it leave names alone that it has made: they are given to it again.",
          details: { naming: name, identifier },
        },
      );
    },
  };
}
