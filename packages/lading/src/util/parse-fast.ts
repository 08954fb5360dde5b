import { JsonSyntaxError } from "./json-syntax-error.ts";
import { parseExact } from "./parse-exact.ts";

/**
 * `JSON.parse`, with the place in the error. It bounds no depth: only {@link parseExact} does.
 *
 * @throws JsonSyntaxError
 */
export function parseFast(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    // V8 gives the position in some of its messages only; the other parser always knows.
    parseExact(text);
    throw new JsonSyntaxError("Invalid JSON", text, 0, { cause });
  }
}
