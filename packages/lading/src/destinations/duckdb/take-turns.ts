const last = new Map<string, Promise<void>>();

/**
 * Waits until no other load of this process writes to a database file. Two transactions that make the same table, or
 * delete the same rows, would make DuckDB refuse one of them; other processes are kept out by the file's lock.
 * Of the process, as the open file is.
 *
 * @returns lets the next one in; calling it again does nothing
 */
export async function takeTurn(file: string): Promise<() => void> {
  const before = last.get(file);
  let leave = (): void => {};
  const turn = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const own = (before ?? Promise.resolve()).then(() => turn);
  last.set(file, own);
  void own.then(() => {
    if (last.get(file) === own) last.delete(file);
  });
  await before;
  return leave;
}
