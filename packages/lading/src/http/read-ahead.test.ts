import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAhead } from "./read-ahead.ts";
import { all } from "./testing-server.ts";

async function* numbers(count: number, fail = false): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) yield i;
  if (fail) throw new Error("broken");
}

describe("readAhead", () => {
  test("gives everything, in order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(20), async (count) => {
        expect(await all(readAhead(() => numbers(count)))).toEqual([...Array(count).keys()]);
      }),
    );
  });

  test("gives the items before an error, then the error", async () => {
    const seen: number[] = [];
    const reading = (async () => {
      for await (const n of readAhead(() => numbers(2, true))) {
        seen.push(n);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    await expect(reading).rejects.toThrow("broken");
    expect(seen).toEqual([0, 1]);
  });

  test("aborts and waits when it is left", async () => {
    let ended = false;
    const open = async function* (signal: AbortSignal): AsyncGenerator<number> {
      try {
        yield 1;
        await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("left"))));
      } finally {
        ended = true;
      }
    };
    for await (const n of readAhead(open)) {
      expect(n).toBe(1);
      break;
    }
    expect(ended).toBe(true);
  });

  test("does not begin after the signal was aborted", async () => {
    const reason = new Error("no");
    await expect(all(readAhead(() => numbers(3), AbortSignal.abort(reason)))).rejects.toBe(reason);
  });
});
