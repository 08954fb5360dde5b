import type { DuckDBInstance } from "@duckdb/node-api";

interface Shared {
  readonly instance: Promise<DuckDBInstance>;
  users: number;
}

/** What is open in this process. DuckDB refuses to open a file twice, or worse, does not notice it. */
const open = new Map<string, Shared>();

/**
 * The one instance of a database file in this process; opened by the first who asks, closed when the last one leaves.
 *
 * @param file the file, links resolved
 * @param create opens it
 */
export async function shareInstance(
  file: string,
  create: () => Promise<DuckDBInstance>,
): Promise<{ readonly instance: DuckDBInstance; readonly leave: () => void }> {
  const shared = open.get(file) ?? { instance: create(), users: 0 };
  open.set(file, shared);
  shared.users++;
  const forget = (): boolean => {
    shared.users--;
    if (shared.users > 0) return false;
    if (open.get(file) === shared) open.delete(file);
    return true;
  };
  try {
    const instance = await shared.instance;
    return {
      instance,
      leave() {
        if (forget()) instance.closeSync();
      },
    };
  } catch (error) {
    forget();
    throw error;
  }
}
