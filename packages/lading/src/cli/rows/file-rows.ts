import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { LadingError } from "../../errors/index.ts";
import type { ResourceHints } from "../../resource/hints.ts";
import { type Page, page } from "../../resource/page.ts";
import type { Resource, ResourceContext } from "../../resource/resource.ts";
import { JsonSyntaxError, parseExact, parseFast } from "../../util/json.ts";
import type { Json } from "../../util/json-value.ts";
import { inputFile } from "../input-file.ts";
import { type JsonPosition, jsonTexts } from "./json-texts.ts";

/** What {@link fileRows} needs. */
export interface FileRowsOptions {
  /** Name of the resource, and of its table. */
  readonly name: string;
  /** Paths, from `cwd`; `-` is standard input. */
  readonly files: readonly string[];
  readonly cwd: string;
  readonly stdin: Readable;
  readonly hints: ResourceHints;
}

interface InputFile {
  /** As it was given. */
  readonly name: string;
  /** `undefined`: standard input. */
  readonly path?: string;
  readonly fingerprint: Json;
}

interface Position {
  readonly file: number;
  readonly at: JsonPosition;
}

/** Bytes that are read at a time, and so about the size of a page. */
const chunkSize = 1024 * 1024;

/**
 * The rows of JSON files, as a resource. It goes on in the middle of a file after a crash, save in a packed file or
 * in standard input, which are read from the start. Throws `FILE_NOT_FOUND` before anything is read.
 */
export async function fileRows({ name, files, cwd, stdin, hints }: FileRowsOptions): Promise<Resource> {
  const inputs = await Promise.all(files.map((file) => describeInput(file, cwd)));
  if (inputs.filter((input) => input.path === undefined).length > 1) {
    throw new LadingError("USAGE", "Standard input (-) can be given only once.");
  }
  return {
    name,
    hints,
    fingerprint: inputs.map((input) => input.fingerprint),
    pages: (context) => pagesOf(inputs, stdin, context),
  };
}

async function describeInput(name: string, cwd: string): Promise<InputFile> {
  if (name === "-") return { name: "standard input", fingerprint: "-" };
  const path = await inputFile(name, cwd);
  const { size, mtimeMs } = await stat(path);
  return { name, path, fingerprint: { path, size, changed: mtimeMs } };
}

async function* pagesOf(inputs: readonly InputFile[], stdin: Readable, context: ResourceContext): AsyncGenerator<Page> {
  const begin = context.position as unknown as Position | undefined;
  for (const [index, input] of inputs.entries()) {
    if (begin !== undefined && index < begin.file) continue;
    const position = begin?.file === index ? begin.at : undefined;
    const packed = extname(input.name) === ".gz";
    const resumable = input.path !== undefined && !packed;
    const chunks = open(input, stdin, packed, position?.offset ?? 0, context.signal);
    const layout = /\.(?:jsonl|ndjson)(?:\.gz)?$/i.test(basename(input.name)) ? { lines: true } : {};
    const options = { name: input.name, ...layout, ...(position === undefined ? {} : { position }) };
    for await (const { texts, bytes, position: at } of jsonTexts(chunks, options)) {
      const content = { ...rowsOf(texts, input.name, at.count - texts.length), bytes };
      yield page(resumable ? { ...content, position: { file: index, at: { ...at } } } : content);
    }
  }
}

async function* open(
  input: InputFile,
  stdin: Readable,
  packed: boolean,
  start: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const source = input.path === undefined ? stdin : createReadStream(input.path, { start, highWaterMark: chunkSize });
  const stop = (): void => void source.destroy(signal.reason instanceof Error ? signal.reason : undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    signal.throwIfAborted();
    yield* packed ? unpacked(source) : source;
  } catch (cause) {
    signal.throwIfAborted();
    if (LadingError.is(cause)) throw cause;
    throw new LadingError("FILE_NOT_FOUND", `${input.name} cannot be read to its end.`, { cause });
  } finally {
    signal.removeEventListener("abort", stop);
    source.destroy();
  }
}

/** `pipe` does not hand errors on. */
function unpacked(source: Readable): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip({ chunkSize });
  source.on("error", (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}

function rowsOf(texts: readonly string[], name: string, before: number): Pick<Page, "rows" | "exact"> {
  const rows = texts.map((text, index) => {
    try {
      return parseFast(text);
    } catch (cause) {
      if (!(cause instanceof JsonSyntaxError)) throw cause;
      throw new LadingError(
        "JSON_INVALID",
        `${name}: value ${before + index + 1} is not valid JSON: ${cause.message}`,
        {
          cause,
          hint: "Mend the file at this place.",
        },
      );
    }
  });
  return { rows, exact: () => texts.map(parseExact) };
}
