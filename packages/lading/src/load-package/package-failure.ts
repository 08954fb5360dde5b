/** What kept a sealed package from being loaded, as it is kept in it until it is loaded or given up. */
export interface PackageFailure {
  /** The code of the last error; `UNKNOWN` where it was none of Lading's. */
  readonly code: string;
  /** Without secrets. */
  readonly message: string;
  /** How often it was tried. */
  readonly attempts: number;
  /** ISO 8601, UTC. */
  readonly firstAt: string;
  readonly lastAt: string;
}

/** The file of a {@link PackageFailure} in its package. */
export const failureFile = "failure.json";

/** Throws where the text is none. */
export function failureFromText(text: string): PackageFailure {
  const { code, message, attempts, firstAt, lastAt } = JSON.parse(text) as PackageFailure;
  return { code, message, attempts, firstAt, lastAt };
}
