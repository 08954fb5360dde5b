import { ExactFloat, type Exact, type ExactObject } from "./exact.ts";
import { JsonSyntaxError } from "./json-syntax-error.ts";

/** Objects and arrays within one another; dlt's own parser stops there, too. */
export const MAX_JSON_DEPTH = 1024;

const KEY_SLOTS = 256;

/**
 * JSON text (RFC 8259, strictly) to exact values: every digit, every key in the document's order. Of a key that comes
 * twice the last value counts, at the first one's place, as in Python. Lone surrogates stay.
 *
 * @throws JsonSyntaxError on anything else, on a byte order mark, and beyond {@link MAX_JSON_DEPTH} levels
 */
export function parseExact(text: string): Exact {
  let at = 0;
  let depth = 0;
  // Rows repeat their keys: the same string object, with its hash known, makes Maps twice as fast.
  const keys = Array.from({ length: KEY_SLOTS }, (): string | undefined => undefined);

  if (text.charCodeAt(0) === 0xfeff) throw new JsonSyntaxError("Unexpected byte order mark (U+FEFF)", text, 0);
  skipSpace();
  const document = parseValue();
  skipSpace();
  if (at < text.length) throw unexpected();
  return document;

  function unexpected(): JsonSyntaxError {
    if (at >= text.length) return new JsonSyntaxError("Unexpected end of the JSON text", text, text.length);
    return new JsonSyntaxError(`Unexpected character ${shown(text.charCodeAt(at))}`, text, at);
  }

  function skipSpace(): void {
    for (;;) {
      const unit = text.charCodeAt(at);
      if (unit > 0x20 || (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09)) return;
      at++;
    }
  }

  function parseValue(): Exact {
    const unit = text.charCodeAt(at);
    switch (unit) {
      case 0x22: // "
        at++;
        return parseString();
      case 0x7b: // {
        return parseObject();
      case 0x5b: // [
        return parseArray();
      case 0x74: // t
        return parseWord("true", true);
      case 0x66: // f
        return parseWord("false", false);
      case 0x6e: // n
        return parseWord("null", null);
      default:
        return parseNumber(unit);
    }
  }

  function parseWord<const W extends boolean | null>(word: string, value: W): W {
    for (let i = 0; i < word.length; i++, at++) {
      if (text.charCodeAt(at) !== word.charCodeAt(i)) throw unexpected();
    }
    return value;
  }

  function enter(): void {
    if (++depth > MAX_JSON_DEPTH) {
      throw new JsonSyntaxError(`More than ${MAX_JSON_DEPTH} objects and arrays within one another`, text, at);
    }
    at++;
    skipSpace();
  }

  function parseObject(): ExactObject {
    enter();
    const object: ExactObject = new Map();
    if (text.charCodeAt(at) === 0x7d) {
      at++;
      depth--;
      return object;
    }
    for (;;) {
      if (text.charCodeAt(at) !== 0x22) throw unexpected();
      at++;
      const key = parseKey();
      skipSpace();
      if (text.charCodeAt(at) !== 0x3a) throw unexpected();
      at++;
      skipSpace();
      object.set(key, parseValue());
      skipSpace();
      const unit = text.charCodeAt(at);
      if (unit === 0x2c) {
        at++;
        skipSpace();
      } else if (unit === 0x7d) {
        at++;
        depth--;
        return object;
      } else throw unexpected();
    }
  }

  function parseArray(): Exact[] {
    enter();
    const array: Exact[] = [];
    if (text.charCodeAt(at) === 0x5d) {
      at++;
      depth--;
      return array;
    }
    for (;;) {
      array.push(parseValue());
      skipSpace();
      const unit = text.charCodeAt(at);
      if (unit === 0x2c) {
        at++;
        skipSpace();
      } else if (unit === 0x5d) {
        at++;
        depth--;
        return array;
      } else throw unexpected();
    }
  }

  function parseKey(): string {
    const start = at;
    let slot = 0;
    for (let i = start; ; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 0x22) {
        slot = (slot ^ (i - start)) & (KEY_SLOTS - 1);
        const known = keys[slot];
        at = i + 1;
        if (known !== undefined && known.length === i - start && text.startsWith(known, start)) return known;
        const key = text.slice(start, i);
        keys[slot] = key;
        return key;
      }
      // NaN, a control character or a backslash: the careful way.
      if (!(unit >= 0x20) || unit === 0x5c) return parseString();
      slot = slot * 31 + unit;
      slot |= 0;
    }
  }

  /** `at` stands behind the opening quote. */
  function parseString(): string {
    let start = at;
    let result = "";
    for (;;) {
      const unit = text.charCodeAt(at);
      if (unit === 0x22) {
        const last = text.slice(start, at++);
        return result === "" ? last : result + last;
      }
      if (unit === 0x5c) {
        result += text.slice(start, at) + parseEscape();
        start = at;
      } else if (unit >= 0x20) at++;
      else if (at >= text.length) throw new JsonSyntaxError("Unexpected end of the JSON text in a string", text, at);
      else throw new JsonSyntaxError(`Unescaped control character ${shown(unit)} in a string`, text, at);
    }
  }

  function parseEscape(): string {
    at++;
    const unit = text.charCodeAt(at);
    if (unit === 0x75) {
      let code = 0;
      for (let i = 0; i < 4; i++) {
        at++;
        const digit = hexDigit(text.charCodeAt(at));
        if (digit === -1) throw unexpected();
        code = code * 16 + digit;
      }
      at++;
      return String.fromCharCode(code);
    }
    const character = ESCAPES.get(unit);
    if (character === undefined) throw unexpected();
    at++;
    return character;
  }

  function parseNumber(first: number): bigint | ExactFloat {
    const start = at;
    let unit = first;
    const negative = unit === 0x2d;
    if (negative) unit = text.charCodeAt(++at);
    let integer = 0;
    if (unit === 0x30) unit = text.charCodeAt(++at);
    else {
      if (!isDigit(unit)) throw unexpected();
      do {
        integer = integer * 10 + (unit - 0x30);
        unit = text.charCodeAt(++at);
      } while (isDigit(unit));
    }
    if (unit !== 0x2e && unit !== 0x65 && unit !== 0x45) {
      if (at - start <= 15) return BigInt(negative ? -integer : integer);
      return BigInt(text.slice(start, at));
    }
    if (unit === 0x2e) {
      at++;
      skipDigits();
      unit = text.charCodeAt(at);
    }
    if (unit === 0x65 || unit === 0x45) {
      unit = text.charCodeAt(++at);
      if (unit === 0x2b || unit === 0x2d) at++;
      skipDigits();
    }
    const digits = text.slice(start, at);
    return new ExactFloat(Number(digits), digits);
  }

  function skipDigits(): void {
    if (!isDigit(text.charCodeAt(at))) throw unexpected();
    do at++;
    while (isDigit(text.charCodeAt(at)));
  }
}

/** The unit behind a backslash, and what both mean. */
const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x22, '"'],
  [0x2f, "/"],
  [0x5c, "\\"],
  [0x62, "\b"],
  [0x66, "\f"],
  [0x6e, "\n"],
  [0x72, "\r"],
  [0x74, "\t"],
]);

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function hexDigit(unit: number): number {
  if (isDigit(unit)) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** A character for a message: itself if it is printable ASCII, else its number. */
function shown(unit: number): string {
  if (unit > 0x20 && unit < 0x7f) return JSON.stringify(String.fromCharCode(unit));
  return `U+${unit.toString(16).toUpperCase().padStart(4, "0")}`;
}
