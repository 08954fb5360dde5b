import { inspect } from "node:util";
import { LadingError } from "../errors/index.ts";

/**
 * An error without secrets: in its message, its details, its causes and their stacks. One that has none stays as it is; another
 * one is made anew, an error of somebody else's as a plain `Error` with its name.
 *
 * @param clean takes secrets out of a text
 */
export function cleanError(error: unknown, clean: (text: string) => string): unknown {
  if (typeof error === "string") return clean(error);
  if (!(error instanceof Error) || !shows(error, clean)) return error;
  const cause = error.cause === undefined ? {} : { cause: cleanError(error.cause, clean) };
  const made = LadingError.is(error)
    ? new LadingError(error.code, clean(error.message), {
        ...cause,
        hint: clean(error.hint),
        details: cleanData(error.details, clean) as LadingError["details"],
      })
    : error instanceof AggregateError
      ? new AggregateError(
          error.errors.map((each) => cleanError(each, clean)),
          clean(error.message),
          cause,
        )
      : new Error(clean(error.message), cause);
  made.name = error.name;
  if (error.stack !== undefined) made.stack = clean(error.stack);
  const { code } = error as NodeJS.ErrnoException;
  return LadingError.is(made) || code === undefined ? made : Object.assign(made, { code });
}

/** Whether somebody who prints it would see a secret, in whatever it carries. */
function shows(error: Error, clean: (text: string) => string): boolean {
  const text = `${inspect(error, { depth: 8, maxStringLength: null, breakLength: Infinity })}\n${error.message}`;
  return clean(text) !== text;
}

/** Data with secrets taken out of its texts and of its keys. */
function cleanData(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return value.map((each) => cleanData(each, clean));
  if (typeof value !== "object" || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return value instanceof Error ? cleanError(value, clean) : value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [clean(key), cleanData(each, clean)]));
}
