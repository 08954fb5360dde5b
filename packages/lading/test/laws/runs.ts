import type { Parameters } from "fast-check";

const wanted = Number(process.env["LAWS_RUNS"] ?? 0);

/** Milliseconds that a law may take: with `LAWS_RUNS` as long as it takes. */
export const lawTimeout = wanted > 0 ? 24 * 3600_000 : 240_000;

/**
 * How often a law is tried. `LAWS_RUNS=10000` for more by hand, `LAWS_SEED=-123` for the random numbers of a run that
 * failed, which says its seed. On a slow machine fewer runs than `usual` are made rather than none be told.
 */
export function often<T>(usual: number): Parameters<T> {
  const seed = process.env["LAWS_SEED"];
  return {
    numRuns: wanted > 0 ? wanted : usual,
    interruptAfterTimeLimit: lawTimeout / 2,
    ...(seed !== undefined && { seed: Number(seed) }),
  };
}
