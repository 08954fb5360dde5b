/**
 * Orders load ids, the oldest first. They are seconds since 1970, so their order is that of numbers; that of texts differs
 * where a clock stood before 2001.
 */
export function compareLoadIds(a: string, b: string): number {
  return Number(a) - Number(b);
}

/** Whether a folder has the name of a load id. Others are not ours. */
export function isLoadId(name: string): boolean {
  return /^\d+(?:\.\d+)?$/.test(name);
}

/** The latest of some load ids; `undefined` where there is none. */
export function latestLoadId(...ids: readonly (string | undefined)[]): string | undefined {
  return ids
    .filter((id) => id !== undefined)
    .toSorted(compareLoadIds)
    .at(-1);
}
