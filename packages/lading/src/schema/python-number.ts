import { stripPython } from "../util/python.ts";

/** Python reads no decimal integer longer than this from text, and neither do we: it takes quadratic time. */
const maxIntegerDigits = 4300;

const nonAscii = /\P{ASCII}/u;
/** What `strip()` takes for white space, but `float()` does not. */
const separatorControls = ["\x1c", "\x1d", "\x1e", "\x1f"];
const decimalDigit = /\p{Nd}/u;
const integerText = /^[+-]?\d+(?:_\d+)*$/;
const hexText = /^([+-]?)(?:0[xX]_?)?([\da-fA-F]+(?:_[\da-fA-F]+)*)$/;
const floatText = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const specialText = /^([+-]?)(?:(inf|infinity)|nan)$/i;

/** Every decimal digit of Unicode as its ASCII one, as Python reads numbers: `٣` is `3`. */
export function asciiDigits(text: string): string {
  if (!nonAscii.test(text)) return text;
  return text.replace(/\P{ASCII}/gu, (character) =>
    decimalDigit.test(character) ? String(digitValue(character.codePointAt(0) ?? 0)) : character,
  );
}

/** Unicode's decimal digits come in rows of ten, from zero to nine; a few rows stand side by side. */
function digitValue(codePoint: number): number {
  let first = codePoint;
  while (decimalDigit.test(String.fromCodePoint(first - 1))) first -= 1;
  return (codePoint - first) % 10;
}

/** A text as Python's `int()` reads it: blanks around, a sign, `_` between digits, any decimal digits of Unicode. */
export function pythonInteger(text: string): bigint | undefined {
  const number = asciiDigits(stripPython(text));
  if (!integerText.test(number)) return undefined;
  const digits = number.replaceAll("_", "");
  if (digits.length > maxIntegerDigits + (digits[0] === "+" || digits[0] === "-" ? 1 : 0)) return undefined;
  return digits[0] === "+" ? BigInt(digits.slice(1)) : BigInt(digits);
}

/** A text of hexadecimal digits as Python's `int(text, 16)` reads it. */
export function pythonHexInteger(text: string): bigint | undefined {
  const match = hexText.exec(asciiDigits(stripPython(text)));
  if (match === null) return undefined;
  const value = BigInt(`0x${(match[2] ?? "").replaceAll("_", "")}`);
  return match[1] === "-" ? -value : value;
}

/** A text as Python's `float()` reads it, with `nan`, `inf` and `infinity` in any case. */
export function pythonFloat(text: string): number | undefined {
  if (separatorControls.some((control) => text.includes(control))) return undefined;
  const number = asciiDigits(stripPython(text));
  if (floatText.test(number)) return Number(number.replaceAll("_", ""));
  const special = specialText.exec(number);
  if (special === null) return undefined;
  if (special[2] === undefined) return Number.NaN;
  return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
