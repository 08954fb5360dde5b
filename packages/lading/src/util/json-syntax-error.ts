/** A text that is not JSON: what was wrong, and where. The message names at most one character of the text. */
export class JsonSyntaxError extends Error {
  /** Offset in UTF-16 units, from 0. */
  readonly position: number;
  /** From 1. */
  readonly line: number;
  /** In UTF-16 units, from 1. */
  readonly column: number;

  constructor(problem: string, text: string, position: number, options?: ErrorOptions) {
    const before = text.slice(0, position);
    const line = before.split("\n").length;
    const column = position - before.lastIndexOf("\n");
    super(`${problem} at line ${line}, column ${column}`, options);
    this.name = "JsonSyntaxError";
    this.position = position;
    this.line = line;
    this.column = column;
  }
}
