import { catalog, type ErrorCode } from "./catalog.ts";

const brand = Symbol.for("lading.error");

/** What an error can carry beside its message. */
export interface LadingErrorOptions {
  readonly cause?: unknown;
  /** What to do, where there is something better to say than the catalog's hint. */
  readonly hint?: string;
  /** The particulars as data: names, values, places. Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * The one class of all errors that Lading throws on purpose.
 *
 * ```ts
 * try {
 *   await p.run();
 * } catch (error) {
 *   if (LadingError.is(error, "DESTINATION_LOCKED")) console.error(error.hint);
 *   else throw error;
 * }
 * ```
 */
export class LadingError extends Error {
  readonly code: ErrorCode;
  /** What to do about it. */
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: LadingErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = "LadingError";
    this.code = code;
    this.hint = options.hint ?? catalog[code].hint;
    this.details = options.details ?? {};
    Object.defineProperty(this, brand, { value: true });
  }

  /** `true`: the same may work later without any change. */
  get transient(): boolean {
    return catalog[this.code].transient;
  }

  /** Works across two copies of the library, where `instanceof` does not. */
  static is(error: unknown, code?: ErrorCode): error is LadingError {
    return (
      typeof error === "object" &&
      error !== null &&
      (error as Record<symbol, unknown>)[brand] === true &&
      (code === undefined || (error as LadingError).code === code)
    );
  }
}
