const last = new Map<string, Promise<void>>();

/** A place in the queue for a database file. */
export interface Turn {
  /** Comes when no one else is at it. */
  readonly come: Promise<void>;
  /** Lets the next one in, or gives the place up; calling it again does nothing. */
  leave(): void;
}

/**
 * Waits until no other load of this process writes to a database file. Two transactions that make the same table, or
 * delete the same rows, would make DuckDB refuse one of them; other processes are kept out by the file's lock.
 * Of the process, as the open file is.
 */
export function takeTurn(file: string): Turn {
  const before = last.get(file) ?? Promise.resolve();
  let leave = (): void => {};
  const turn = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const own = before.then(() => turn);
  last.set(file, own);
  void own.then(() => {
    if (last.get(file) === own) last.delete(file);
  });
  return { come: before, leave };
}
