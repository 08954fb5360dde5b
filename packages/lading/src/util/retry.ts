/** How often, and how long between. */
export interface RetryOptions {
  /** Attempts in all, the first included; at least 1. */
  readonly attempts: number;
  /**
   * Milliseconds to wait after attempt `n` (from 1) failed with `error`; `undefined` to give up. It is not asked after the last one.
   */
  readonly delay: (n: number, error: unknown) => number | undefined;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Stops between attempts, and the sleep; the attempt itself must look at it on its own. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tries until it works.
 *
 * @param attempt gets the number of the attempt, from 1
 * @throws the last attempt's error, as it was; the signal's reason when it is aborted
 */
export async function retry<T>(attempt: (n: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { attempts, delay, sleep, signal } = options;
  for (let n = 1; ; n++) {
    signal?.throwIfAborted();
    try {
      return await attempt(n);
    } catch (error) {
      signal?.throwIfAborted();
      const ms = n < attempts ? delay(n, error) : undefined;
      if (ms === undefined) throw error;
      await sleep(ms, signal);
    }
  }
}
