import { catalog, type CatalogEntry, type ErrorCode, LadingError } from "../../errors/index.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatTable } from "../format.ts";
import type { Host } from "../host.ts";
import { styleFor } from "../style.ts";
import { didYouMean } from "../../util/suggest.ts";

const codes = Object.keys(catalog) as readonly ErrorCode[];

/** Prints an entry of the catalog of errors, or, without a code, what there is. */
export function explain(wanted: string | undefined, { stdout, env }: Pick<Host, "stdout" | "env">): number {
  if (wanted === undefined) {
    stdout.write(`${formatTable(codes.map((code) => [code, catalog[code].title])).join("\n")}\n`);
    return exitCodes.ok.code;
  }
  const code = codes.find((each) => each === wanted.toUpperCase());
  if (code === undefined) {
    throw new LadingError("USAGE", `There is no error with the code "${wanted}".${didYouMean(wanted, codes)}`, {
      hint: "`lading explain` lists all.",
    });
  }
  const { title, hint, transient }: CatalogEntry = catalog[code];
  const later = transient
    ? "The same may work later, without any change."
    : "It does not go away by itself: something must be changed first.";
  stdout.write(`${styleFor(stdout, env).bold(code)}  ${title}.\n  ${hint}\n  ${later}\n`);
  return exitCodes.ok.code;
}
