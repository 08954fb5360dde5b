import { setTimeout as delay } from "node:timers/promises";

/** Node makes 1 ms of a longer one. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits, or stops waiting when the signal is aborted.
 *
 * @param ms milliseconds, of any length; 0 or less only lets other work go first
 * @throws the signal's reason
 */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  let rest = Math.max(0, ms);
  do {
    const step = Math.min(rest, LONGEST_TIMER_MS);
    await sleepOnce(step, signal);
    rest -= step;
  } while (rest > 0);
}

async function sleepOnce(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    // Node wraps the reason in an error of its own.
    signal?.throwIfAborted();
    throw error;
  }
}

/**
 * What a promise comes to, or, where the signal is aborted before, its reason: for what cannot be stopped, and need not be
 * waited for. A later error of it is nobody's any more.
 *
 * @throws the signal's reason
 */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    // A reason is whatever was given to abort().
    onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
