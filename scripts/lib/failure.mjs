/** Something that went wrong in a way a person can mend: printed as message and hint, without a stack. */
export class Failure extends Error {
  /** @param {string} message what happened  @param {string} [hint] what to do  @param {unknown} [cause] */
  constructor(message, hint, cause) {
    super(message, { cause });
    this.hint = hint;
  }
}

const readOnly = new Set(["EACCES", "EPERM", "EROFS"]);

/** @returns {string} what to print of an error */
export function describe(error) {
  if (error?.name === "LadingError") return `${error.code} ${error.message}${error.hint ? `\n  ${error.hint}` : ""}`;
  if (error?.code?.startsWith?.("ERR_PARSE_ARGS")) return error.message;
  if (error instanceof Failure) return error.hint ? `${error.message}\n  ${error.hint}` : error.message;
  if (readOnly.has(error?.code)) {
    return `${error.path ?? "A file"} cannot be written (${error.code}).\n  Copy the project to a folder that you may write to.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
