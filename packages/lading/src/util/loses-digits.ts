/**
 * A number of 16 characters or more, or with an exponent of three digits: nothing shorter can lose a digit, overflow or
 * vanish. It must follow what comes before a number in JSON, which leaves out most digits in strings.
 */
const SUSPECT = /(?:^|[:,[\s])(-?[\d.]{16,}(?:[eE][+-]?\d+)?|-?[\d.]+[eE][+-]?\d{3,})/g;

const INTEGER = /^-?\d+$/;

/**
 * Whether `JSON.parse` could damage a number in this text: an integer beyond 2^53, more digits than its double has, an
 * overflow to Infinity or an underflow to 0. Never false where it does; seldom true where it does not (trailing zeros,
 * `E` for `e`, digits in a string). A double's own shortest text, 0.30000000000000004 for one, loses nothing.
 */
export function losesDigits(text: string): boolean {
  for (const [, token = ""] of text.matchAll(SUSPECT)) {
    const value = Number(token);
    if (String(value) !== token || (INTEGER.test(token) && !Number.isSafeInteger(value))) return true;
  }
  return false;
}
