import { callable, isObject, object, type Reader, describe, list, problem, text, unsupported } from "./reader.ts";

/** What dlt's documents leave open by `null`. */
const open =
  (reader: Reader): Reader =>
  (value, place) =>
    value === null ? undefined : reader(value, place);

/** Whether it has an order is checked with the cursor. */
const cursorValue: Reader = (value, place) => {
  const isScalar = typeof value === "string" || typeof value === "number" || typeof value === "bigint";
  if (isScalar || value instanceof Date) return value;
  return problem(place, `must be a text, a number or a date, and is ${describe(value)}`);
};

const amount: Reader = (value, place) =>
  typeof value === "number" && value >= 0
    ? value
    : problem(place, `must be a number, 0 or more, and is ${describe(value)}`);

const furthest: Reader = (value, place) => (typeof value === "function" ? value : text("max", "min")(value, place));
const names: Reader = (value, place) => (typeof value === "string" ? value : list(text())(value, place));
/** Runs are told their interval by nobody but their settings here. */
const notExternal: Reader = (value, place) => (value === false ? undefined : unsupported(value, place));

const settings = {
  cursorPath: text(),
  initialValue: open(cursorValue),
  endValue: open(cursorValue),
  lastValueFunc: open(furthest),
  primaryKey: open(names),
  rowOrder: open(text("asc", "desc")),
  onCursorValueMissing: open(text("raise", "include", "exclude")),
  lag: open(amount),
  rangeStart: open(text("open", "closed")),
  rangeEnd: open(text("open", "closed")),
  convert: open(callable),
  // dlt's older name of the same.
  transform: open(callable),
  allowExternalSchedulers: open(notExternal),
};

function renamed(reader: Reader): Reader {
  return (value, place) => {
    const read = reader(value, place);
    if (!isObject(read)) return read;
    const { transform, ...rest } = read;
    if (transform !== undefined && rest["convert"] !== undefined) return problem(place, "has convert and transform");
    return transform === undefined ? rest : { ...rest, convert: transform };
  };
}

/** `endpoint.incremental`. */
export const endpointIncremental: Reader = renamed(
  object({ ...settings, startParam: open(text()), endParam: open(text()) }, { required: ["cursorPath"] }),
);

/** The same in the place of a param's value. */
export const incrementalParam: Reader = renamed(
  object({ type: text("incremental"), ...settings }, { required: ["cursorPath"] }),
);
