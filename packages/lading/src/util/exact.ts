/**
 * Values as they stand in a JSON text, with every digit and in the document's order: what dlt's Python objects are to
 * dlt, these are to the normalizer's exact path.
 *
 * - an integer (no dot, no exponent) is a `bigint`, of any length
 * - any other number is an {@link ExactFloat}, which keeps its text
 * - an object is a `Map`, since JavaScript objects move integer-like keys to the front
 */
export type Exact = null | boolean | string | bigint | ExactFloat | Date | Uint8Array | Exact[] | ExactObject;
export type ExactObject = Map<string, Exact>;

/** A JSON number with a dot or an exponent: the double that it means, and the text that it was. */
export class ExactFloat {
  readonly value: number;
  readonly text: string;

  constructor(value: number, text: string = String(value)) {
    this.value = value;
    this.text = text;
  }
}
