import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { LadingError } from "../errors/index.ts";
import { JsonSyntaxError, parseFast } from "../util/json.ts";

/**
 * The content of a JSON or YAML file. Throws `DOCUMENT_INVALID` with line and column.
 * @param path absolute
 * @param file as it was given, for messages
 */
export async function readDocument(path: string, file: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new LadingError("FILE_NOT_FOUND", `${file} cannot be read (${cause.code}).`, { details: { path } });
  });
  return extname(path).toLowerCase() === ".json" ? parseJson(text, file) : parseYaml(text, file);
}

function parseJson(text: string, file: string): unknown {
  try {
    return parseFast(text.replace(/^\u{feff}/u, ""));
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause;
    throw invalid(`${file}:${cause.line}:${cause.column}: ${cause.message}`, cause);
  }
}

async function parseYaml(text: string, file: string): Promise<unknown> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text, { prettyErrors: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const [start] = problem.linePos ?? [];
    const place = start === undefined ? "" : `:${start.line}:${start.col}`;
    // What follows is an excerpt of the file.
    const [message = ""] = problem.message.split(/ at line \d+/, 1);
    throw invalid(`${file}${place}: ${message}`, undefined);
  }
  // Anchors that grow a small file into a huge one are refused by the parser's own limit.
  return document.toJS({ maxAliasCount: 100 });
}

function invalid(message: string, cause: unknown): LadingError {
  return new LadingError("DOCUMENT_INVALID", message, cause === undefined ? {} : { cause });
}
