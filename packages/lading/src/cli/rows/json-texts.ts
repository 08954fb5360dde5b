import { isUtf8 } from "node:buffer";
import { LadingError } from "../../errors/index.ts";

/** `lines`: a value on each line. `values`: values one after the other. `array`: the elements of one array. */
export type JsonLayout = "lines" | "values" | "array";

/** Where the texts of a file go on. Plain JSON. */
export interface JsonPosition {
  readonly layout: JsonLayout;
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Values before it. */
  readonly count: number;
}

/** Some values of a file, each as its JSON text. */
export interface JsonTexts {
  readonly texts: readonly string[];
  /** Bytes that were read for them. */
  readonly bytes: number;
  /** After them. */
  readonly position: JsonPosition;
}

/** What {@link jsonTexts} needs. */
export interface JsonTextsOptions {
  /** For messages. */
  readonly name: string;
  /** `true`: the name says that a value stands on each line. Default: the content says what it is. */
  readonly lines?: boolean;
  /** The bytes are those from here on. */
  readonly position?: JsonPosition;
  /** Most bytes of one value. Default: 256 MiB. */
  readonly limit?: number;
}

const newline = 0x0a;
const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09;
}

/**
 * Cuts the bytes of a JSON file into the texts of its values: the elements of an array, values one after the other,
 * or lines. It holds one chunk and the value that is not yet whole, however long the file is.
 * What stands between two cuts is not checked here but by parsing the texts.
 */
export async function* jsonTexts(
  chunks: AsyncIterable<Uint8Array>,
  options: JsonTextsOptions,
): AsyncGenerator<JsonTexts> {
  const { name, limit = 256 * 1024 * 1024, position: begin } = options;
  let layout = begin?.layout;
  let { offset, count } = begin ?? { offset: 0, count: 0 };
  let cutter = layout && createCutter(layout, begin !== undefined, name);
  let rest: Uint8Array = new Uint8Array();
  const pending: Uint8Array[] = [];
  let waiting = 0;

  const take = function* (last: boolean): Generator<JsonTexts> {
    const chunk = Buffer.concat([rest, ...pending.splice(0)]);
    waiting = 0;
    if (!last && offset === 0 && chunk.length < 3) {
      // The byte order mark may not be whole.
      rest = chunk;
      return;
    }
    const start = offset === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0;
    layout ??= layoutOf(chunk, start, options.lines === true, last);
    cutter ??= layout && createCutter(layout, false, name);
    if (layout === undefined || cutter === undefined) {
      rest = chunk;
      return;
    }
    const { texts, used, end } = cutter(chunk, start, last, count);
    const position = { layout, offset: offset + end, count: count + texts.length };
    rest = chunk.subarray(used);
    offset += used;
    count += texts.length;
    if (rest.length > limit) throw invalid(name, count + 1, `is longer than ${limit} bytes`);
    if (texts.length > 0) yield { texts, bytes: used, position };
  };

  for await (const chunk of chunks) {
    pending.push(chunk);
    waiting += chunk.length;
    // What is left over is looked at again when there is as much again, so that a long value costs no square.
    if (waiting >= rest.length) yield* take(false);
  }
  yield* take(true);
}

/** How a file is written, from its beginning; `undefined` where more must be seen. */
function layoutOf(chunk: Uint8Array, start: number, lines: boolean, last: boolean): JsonLayout | undefined {
  if (lines) return "lines";
  let at = start;
  while (isSpace(chunk[at])) at += 1;
  if (at >= chunk.length && !last) return undefined;
  return chunk[at] === openList ? "array" : "values";
}

type Cutter = (chunk: Buffer, start: number, last: boolean, count: number) => Cut;

interface Cut {
  readonly texts: readonly string[];
  /** Bytes that are done with. */
  readonly used: number;
  /** Where the last value ends: the end of an array comes after it, and must be seen again after a resumption. */
  readonly end: number;
}

function createCutter(layout: JsonLayout, resumed: boolean, name: string): Cutter {
  return layout === "lines" ? lineCutter(name) : valueCutter(layout === "array", resumed, name);
}

function lineCutter(name: string): Cutter {
  return (chunk, start, last, count) => {
    const used = last ? chunk.length : chunk.lastIndexOf(newline) + 1;
    if (used <= start) return { texts: [], used: last ? used : 0, end: 0 };
    const lines = decode(chunk.subarray(start, used), name, count).split("\n");
    return { texts: lines.filter((line) => line.trim() !== ""), used, end: used };
  };
}

/** The cutter for values and arrays: it looks for brackets outside of strings. */
function valueCutter(inArray: boolean, resumed: boolean, name: string): Cutter {
  let open = inArray && !resumed;
  let needsComma = resumed;
  let closed = false;

  return (chunk, start, last, count) => {
    const texts: string[] = [];
    let used = start;
    let lastEnd = start;
    const fail = (what: string): LadingError => invalid(name, count + texts.length + 1, what);

    for (;;) {
      while (isSpace(chunk[used])) used += 1;
      const byte = chunk[used];
      if (byte === undefined) break;
      if (closed) throw fail("comes after the end of the array");
      if (open) {
        open = false;
        used += 1;
        continue;
      }
      if (inArray && byte === closeList) {
        closed = true;
        used += 1;
        continue;
      }
      let from = used;
      if (inArray && needsComma) {
        if (byte !== comma) throw fail("does not come after a comma");
        from += 1;
        while (isSpace(chunk[from])) from += 1;
        if (from >= chunk.length) break;
      }
      const end = valueEnd(chunk, from, last);
      if (end === -1) break;
      if (end === from) throw fail("is missing");
      texts.push(decode(chunk.subarray(from, end), name, count + texts.length));
      needsComma = inArray;
      used = end;
      lastEnd = end;
    }
    if (last && (used < chunk.length || (inArray && !closed)))
      throw fail("is cut off: the file ends in the middle of it");
    return { texts, used, end: lastEnd };
  };
}

/** The end of the value that begins at an index; -1 where it is not whole. */
function valueEnd(chunk: Uint8Array, start: number, last: boolean): number {
  let depth = 0;
  for (let at = start; at < chunk.length; at += 1) {
    const byte = chunk[at];
    if (byte === quote) {
      at = stringEnd(chunk, at);
      if (at === -1) return -1;
      if (depth === 0) return at + 1;
    } else if (byte === openObject || byte === openList) {
      depth += 1;
    } else if (byte === closeObject || byte === closeList) {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (byte === comma || isSpace(byte))) {
      return at;
    }
  }
  return last && depth === 0 ? chunk.length : -1;
}

function stringEnd(chunk: Uint8Array, start: number): number {
  for (let at = start + 1; at < chunk.length; at += 1) {
    if (chunk[at] === backslash) at += 1;
    else if (chunk[at] === quote) return at;
  }
  return -1;
}

function decode(bytes: Buffer, name: string, count: number): string {
  if (!isUtf8(bytes)) throw notUtf8(name, count);
  return bytes.toString("utf8");
}

function notUtf8(name: string, count: number): LadingError {
  return new LadingError("JSON_INVALID", `${name}: the text after value ${count} is not UTF-8.`, {
    hint: "Convert the file to UTF-8.",
  });
}

function invalid(name: string, number: number, what: string): LadingError {
  return new LadingError("JSON_INVALID", `${name}: value ${number} ${what}.`, { hint: "Mend the file at this place." });
}
