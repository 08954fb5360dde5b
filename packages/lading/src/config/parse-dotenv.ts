import { ConfigSyntaxError } from "./config-syntax-error.ts";

const entry = /[^\S\n]*(?:export[^\S\n]+)?([A-Za-z_][\w.-]*)[^\S\n]*=[^\S\n]*/y;
const nothing = /[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y;
const unquoted = /[^\n]*/y;

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\", $: "$" };

/**
 * The variables of a `.env` file: `KEY=value`, with `export` and comments allowed. A value in quotation marks may
 * have several lines; in double ones `\n`, `\r`, `\t`, `\"`, `\\` and `\$` are escapes. `$NAME` is not expanded.
 * A later line wins. Throws {@link ConfigSyntaxError}.
 */
export function parseDotenv(source: string): Record<string, string> {
  const text = source.replaceAll("\r\n", "\n");
  const variables: Record<string, string> = Object.create(null);
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };

  while (at < text.length) {
    if (match(nothing)) continue;
    const key = match(entry)?.[1];
    if (key === undefined) throw ConfigSyntaxError.at(text, at, "expected NAME=value");
    const quote = text[at];
    if (quote !== '"' && quote !== "'" && quote !== "`") {
      variables[key] = (match(unquoted)?.[0] ?? "").replace(/(?:^|\s)#.*$/, "").trim();
      continue;
    }
    const end = closingQuote(text, at);
    if (end === -1) throw ConfigSyntaxError.at(text, at, "the quotation mark is never closed");
    const inner = text.slice(at + 1, end);
    variables[key] = quote === '"' ? inner.replaceAll(/\\(.)/gs, (all, char: string) => escapes[char] ?? all) : inner;
    at = end + 1;
    if (!match(nothing)) throw ConfigSyntaxError.at(text, at, "expected the end of the line after the value");
  }
  return variables;
}

function closingQuote(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at += 1) {
    if (quote === '"' && text[at] === "\\") at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}
