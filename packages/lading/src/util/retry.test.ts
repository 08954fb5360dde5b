import { describe, expect, it } from "vitest";

import { retry, type RetryOptions } from "./retry.ts";

/** An attempt that fails so often, and a sleep that takes no time and is remembered. */
function trial(failures: number): {
  slept: number[];
  asked: unknown[];
  attempt: (n: number) => Promise<string>;
  options: RetryOptions;
} {
  const slept: number[] = [];
  const asked: unknown[] = [];
  return {
    slept,
    asked,
    attempt: async (n) => {
      if (n <= failures) throw new Error(`failure ${n}`);
      return `worked at ${n}`;
    },
    options: {
      attempts: 4,
      delay: (n, error) => {
        asked.push(error);
        return n * 100;
      },
      sleep: async (ms) => {
        slept.push(ms);
      },
    },
  };
}

describe("retry", () => {
  it("tries until it works, waiting in between", async () => {
    const { attempt, options, slept } = trial(2);
    expect(await retry(attempt, options)).toBe("worked at 3");
    expect(slept).toEqual([100, 200]);
  });

  it("throws the last error, as it was, and does not wait for nothing", async () => {
    const { attempt, options, slept, asked } = trial(9);
    await expect(retry(attempt, options)).rejects.toThrow("failure 4");
    expect(slept).toEqual([100, 200, 300]);
    expect(asked).toHaveLength(3);
  });

  it("gives up where there is no delay", async () => {
    const { attempt, options, slept } = trial(9);
    await expect(retry(attempt, { ...options, delay: (n) => (n < 2 ? 0 : undefined) })).rejects.toThrow("failure 2");
    expect(slept).toEqual([0]);
  });

  it("stops with the signal's reason, before the first attempt, after one, and in the sleep", async () => {
    const reason = new Error("stopped");
    const { attempt, options } = trial(9);
    await expect(retry(attempt, { ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);

    const during = new AbortController();
    const failing = async (): Promise<never> => {
      during.abort(reason);
      throw new Error("failure of what was aborted");
    };
    await expect(retry(failing, { ...options, signal: during.signal })).rejects.toBe(reason);

    const sleeping = new AbortController();
    let given: AbortSignal | undefined;
    const sleep = async (_: number, signal?: AbortSignal): Promise<void> => {
      given = signal;
      sleeping.abort(reason);
      signal?.throwIfAborted();
    };
    await expect(retry(attempt, { ...options, sleep, signal: sleeping.signal })).rejects.toBe(reason);
    expect(given).toBe(sleeping.signal);
  });
});
