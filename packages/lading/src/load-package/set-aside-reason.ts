/** Why a package was set aside, as it is kept in it. */
export interface SetAsideReason {
  /** The code of the error with which it could not be loaded. */
  readonly code: string;
  readonly message: string;
}

/** The file of a {@link SetAsideReason} in its package. */
export const reasonFile = "set-aside.json";
