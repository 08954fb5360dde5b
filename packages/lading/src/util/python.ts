/**
 * `repr(float)` of Python: shortest round-trip digits, always with a dot or an exponent; the exponent form, with at
 * least two digits, starts at 1e16 and below 1e-4 (spec dlt-core 0.2).
 */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return formatFloat(value, -4, 2);
}

/**
 * A float as orjson 3.12 prints it, which is what dlt hashes: as {@link floatRepr}, but plain digits down to 1e-5, no
 * padding of the exponent, and `null` for NaN and the infinities (spec dlt-core 0.2).
 */
export function orjsonFloat(value: number): string {
  return Number.isFinite(value) ? formatFloat(value, -5, 1) : "null";
}

function formatFloat(value: number, lowestPlainExponent: number, exponentDigits: number): string {
  const magnitude = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (magnitude === 0) return `${sign}0.0`;
  if (magnitude >= 1e-5 && magnitude < 1e16 && (magnitude >= 1e-4 || lowestPlainExponent <= -5)) {
    // In this range JavaScript, too, prints plain digits.
    return Number.isInteger(magnitude) ? `${sign}${magnitude}.0` : `${sign}${magnitude}`;
  }
  const [digits = "", exponent = ""] = magnitude.toExponential().split("e");
  return `${sign}${digits}e${exponent[0]}${exponent.slice(1).padStart(exponentDigits, "0")}`;
}

/** What `str.strip()` takes for white space: unlike `trim()`, with U+001C to U+001F and U+0085, without U+FEFF. */
const SPACES =
  "\t\n\v\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

/** `str.strip()` of Python (spec dlt-core 13.6). */
export function stripPython(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACES.includes(text.charAt(start))) start++;
  while (end > start && SPACES.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/**
 * Order of two texts by code point, which is that of their UTF-8 bytes: negative, 0 or positive. JavaScript's own order
 * puts characters beyond U+FFFF before U+E000 to U+FFFF (spec dlt-core 13.2).
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** The first unequal units decide: surrogates, which stand for the highest code points, go behind all other units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** `len(str)` of Python: code points, a lone surrogate counted as one (spec dlt-core 13.7). */
export function codePointLength(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length--;
      i++;
    }
  }
  return length;
}
