import { LadingError } from "../errors/index.ts";
import { type DestinationParts, destinationTypes, fileDestinations } from "./core.ts";
import { didYouMean } from "../util/suggest.ts";

/** A pipeline as a document describes it. The source is left to the REST source to check. */
export interface PipelineDocument {
  readonly name: string;
  readonly destination: DestinationParts;
  readonly dataset?: string;
  /** In dlt's spelling. */
  readonly source: Readonly<Record<string, unknown>>;
}

type Table = Readonly<Record<string, unknown>>;

/**
 * Checks a parsed document: `name`, `destination` (a type, or `{ type, path }`), `dataset`, `source`. An unknown key
 * is an error, and so is a number that has lost digits. Throws `DOCUMENT_INVALID` with the place.
 */
export function checkDocument(value: unknown, file: string): PipelineDocument {
  const fail = (message: string): never => {
    throw new LadingError("DOCUMENT_INVALID", `${file}: ${message}`, { details: { file } });
  };
  const table = (found: unknown, place: string): Table =>
    isTable(found) ? found : fail(`${place} is to be an object, and is ${kindOf(found)}.`);
  const text = (found: unknown, place: string): string =>
    typeof found === "string" && found !== "" ? found : fail(`${place} is to be a text, and is ${kindOf(found)}.`);
  const known = (found: Table, place: string, keys: readonly string[]): void => {
    for (const key of Object.keys(found)) {
      if (!keys.includes(key))
        fail(`${place}${key} is not known.${didYouMean(key, keys)} Known are ${keys.join(", ")}.`);
    }
  };
  const destination = (found: unknown): DestinationParts => {
    const parts = typeof found === "string" ? { type: found } : table(found, "destination");
    known(parts, "destination.", ["type", "path"]);
    const name = text(parts["type"], "destination.type");
    const type = destinationTypes.find((each) => each === name);
    if (type === undefined) {
      return fail(
        `destination.type "${name}" is not known.${didYouMean(name, destinationTypes)} Known are ${destinationTypes.join(", ")}.`,
      );
    }
    if (parts["path"] !== undefined && !fileDestinations.includes(type)) {
      return fail(
        `destination.path is for a file, and ${type} is a server: set destination.${type}.credentials in .dlt/secrets.toml, or in the environment.`,
      );
    }
    return parts["path"] === undefined ? { type } : { type, path: text(parts["path"], "destination.path") };
  };

  const root = table(value, "the document");
  known(root, "", ["name", "destination", "dataset", "source"]);
  const damaged = damagedNumber(root, "");
  if (damaged !== undefined) fail(`${damaged} has more digits than a number keeps. Write it in quotation marks.`);
  const dataset = root["dataset"];
  return {
    name: text(root["name"], "name"),
    destination: destination(root["destination"]),
    source: table(root["source"], "source"),
    ...(dataset === undefined ? {} : { dataset: text(dataset, "dataset") }),
  };
}

/** The place of the first whole number beyond 2^53. */
function damagedNumber(value: unknown, place: string): string | undefined {
  if (typeof value === "bigint") return place;
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value) ? place : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${place}[${key}]` : place === "" ? key : `${place}.${key}`;
    const found = damagedNumber(inner, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null || value === "") return "empty";
  return Array.isArray(value) ? "a list" : isTable(value) ? "an object" : `a ${typeof value}`;
}
