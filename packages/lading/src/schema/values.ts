import type { Exact } from "../util/exact.ts";
import { stripPython } from "../util/python.ts";
import { asciiDigits } from "./python-number.ts";
import type { CalendarDate, TimeOfDay, Timestamp } from "./temporal-value.ts";

/** A value of a row on the exact path: what stood in the JSON text, or what it was coerced to. */
export type Value = Exact | Timestamp | CalendarDate | TimeOfDay | DecimalValue;

const decimalText = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;
const specialText = /^([+-]?)(?:inf(?:inity)?|(s?)nan(\d*))$/i;

/** A decimal number with the digits that were written, as Python's `Decimal`: `1.50` is not `1.5`, `1E+3` not `1000`. */
export class DecimalValue {
  readonly negative: boolean;
  /** The digits without sign and point; 0 for the special values. */
  readonly coefficient: bigint;
  /** The power of ten that the coefficient is multiplied with. */
  readonly exponent: number;
  /** `Infinity`, `NaN` or `sNaN` (with its digits) where it is no finite number. */
  readonly special: string | undefined;

  constructor(negative: boolean, coefficient: bigint, exponent: number, special?: string) {
    this.negative = negative;
    this.coefficient = coefficient;
    this.exponent = exponent;
    this.special = special;
  }

  /** A whole number. */
  static fromInteger(value: bigint): DecimalValue {
    return value < 0n ? new DecimalValue(true, -value, 0) : new DecimalValue(false, value, 0);
  }

  /** A text by the grammar of Python's `Decimal()`: blanks around, `_`, any decimal digits of Unicode, `nan`, `inf`. */
  static parse(text: string): DecimalValue | undefined {
    const number = asciiDigits(stripPython(text)).replaceAll("_", "");
    const match = decimalText.exec(number);
    if (match === null) return parseSpecial(number);
    const [, sign, whole = "", fraction = match[4] ?? "", , exponentText = "0"] = match;
    const exponent = Number(exponentText) - fraction.length;
    return Number.isSafeInteger(exponent)
      ? new DecimalValue(sign === "-", BigInt(whole + fraction), exponent)
      : undefined;
  }

  get isFinite(): boolean {
    return this.special === undefined;
  }

  get isZero(): boolean {
    return this.special === undefined && this.coefficient === 0n;
  }

  /** The whole number that it is; `undefined` where it is none, or one of more than `maxDigits` digits. */
  toInteger(maxDigits: number): bigint | undefined {
    if (this.special !== undefined) return undefined;
    if (this.coefficient === 0n) return 0n;
    const digits = this.coefficient.toString();
    if (digits.length + this.exponent > maxDigits) return undefined;
    let value = this.coefficient;
    if (this.exponent >= 0) {
      value *= 10n ** BigInt(this.exponent);
    } else {
      // a whole number has at least as many zeros at its end as there are decimals
      if (trailingZeros(digits) < -this.exponent) return undefined;
      value /= 10n ** BigInt(-this.exponent);
    }
    return this.negative ? -value : value;
  }

  /** Whether it is the same number, however written; NaN is equal to nothing. */
  equals(other: DecimalValue): boolean {
    if (this.special !== undefined || other.special !== undefined) {
      return this.special === "Infinity" && other.special === "Infinity" && this.negative === other.negative;
    }
    if (this.coefficient === 0n || other.coefficient === 0n) return this.coefficient === other.coefficient;
    if (this.negative !== other.negative) return false;
    const [digits, otherDigits] = [this.coefficient.toString(), other.coefficient.toString()];
    const [zeros, otherZeros] = [trailingZeros(digits), trailingZeros(otherDigits)];
    return (
      this.exponent + zeros === other.exponent + otherZeros &&
      digits.slice(0, digits.length - zeros) === otherDigits.slice(0, otherDigits.length - otherZeros)
    );
  }

  /** The nearest double. */
  toNumber(): number {
    if (this.special === undefined) return Number(this.toString());
    if (this.special !== "Infinity") return Number.NaN;
    return this.negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  /**
   * Plain digits with at most `scale` decimals, rounded half away from zero as DuckDB and Postgres do: `-1.234567891`.
   * `undefined` where there are more than `precision - scale` digits before the point, or where it is no finite number.
   */
  toPlain(precision: number, scale: number): string | undefined {
    if (this.special !== undefined) return undefined;
    const digits = this.coefficient.toString();
    if (this.coefficient === 0n || digits.length + this.exponent < -scale) return "0";
    if (digits.length + this.exponent > precision - scale) return undefined;
    // from here on all lengths are bounded by the digits that there are and by the column
    const dropped = Math.max(0, -this.exponent - scale);
    const kept = dropped === 0 ? this.coefficient : roundedQuotient(this.coefficient, 10n ** BigInt(dropped));
    const decimals = Math.max(0, -this.exponent - dropped);
    const plain = (kept * 10n ** BigInt(Math.max(0, this.exponent))).toString().padStart(decimals + 1, "0");
    const whole = plain.slice(0, plain.length - decimals);
    if (kept !== 0n && whole !== "0" && whole.length > precision - scale) return undefined;
    const text = decimals === 0 ? whole : `${whole}.${plain.slice(-decimals)}`;
    return this.negative && kept !== 0n ? `-${text}` : text;
  }

  /** As Python's `str()`: plain digits, or an exponent where the number is very small or has digits left out. */
  toString(): string {
    const sign = this.negative ? "-" : "";
    if (this.special !== undefined) return sign + this.special;
    const digits = this.coefficient.toString();
    const pointAt = digits.length + this.exponent;
    if (this.exponent <= 0 && pointAt > -6) {
      if (this.exponent === 0) return sign + digits;
      return pointAt > 0
        ? `${sign}${digits.slice(0, pointAt)}.${digits.slice(pointAt)}`
        : `${sign}0.${"0".repeat(-pointAt)}${digits}`;
    }
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${sign}${mantissa}E${pointAt > 0 ? "+" : ""}${pointAt - 1}`;
  }
}

function parseSpecial(text: string): DecimalValue | undefined {
  const match = specialText.exec(text);
  if (match === null) return undefined;
  const [, sign, signalling, payload] = match;
  const special =
    payload === undefined ? "Infinity" : `${signalling === "" ? "" : "s"}NaN${payload.replace(/^0+/, "")}`;
  return new DecimalValue(sign === "-", 0n, 0, special);
}

function trailingZeros(digits: string): number {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "0") end -= 1;
  return digits.length - end;
}

/** A quotient of whole numbers, halves rounded up. */
function roundedQuotient(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return (value - quotient * divisor) * 2n >= divisor ? quotient + 1n : quotient;
}
