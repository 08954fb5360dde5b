/** Where a settings file is wrong, without a word of what stands there. */
export class ConfigSyntaxError extends Error {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.name = "ConfigSyntaxError";
    this.line = line;
    this.column = column;
  }

  /** The error at an index of a text. */
  static at(text: string, index: number, message: string): ConfigSyntaxError {
    const before = text.slice(0, index).split("\n");
    return new ConfigSyntaxError(message, before.length, (before.at(-1)?.length ?? 0) + 1);
  }
}
