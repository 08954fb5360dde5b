import { describe, expect, it } from "vitest";

import { orAborted, sleep } from "./abort.ts";

describe("sleep", () => {
  it("waits", async () => {
    const start = performance.now();
    await sleep(20);
    expect(performance.now() - start).toBeGreaterThan(15);
  });

  it("ends with the signal's reason when it is aborted, before or while it waits", async () => {
    const reason = new Error("enough");
    await expect(sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleeping = sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });

  it("does not end at once where the time is longer than a timer can be", async () => {
    const controller = new AbortController();
    const winner = Promise.race([
      sleep(2 ** 40, controller.signal).catch(() => "slept"),
      sleep(30).then(() => "other"),
    ]);
    expect(await winner).toBe("other");
    controller.abort();
  });

  it("lets other work go first where the time is not positive", async () => {
    const order: string[] = [];
    const sleeping = sleep(-5).then(() => order.push("slept"));
    await Promise.resolve().then(() => order.push("worked"));
    await sleeping;
    expect(order).toEqual(["worked", "slept"]);
  });
});

describe("orAborted", () => {
  it("is what the promise comes to, where nobody stops it", async () => {
    const { signal } = new AbortController();
    expect(await orAborted(Promise.resolve(7), signal)).toBe(7);
    await expect(orAborted(Promise.reject(new Error("its own")), signal)).rejects.toThrow("its own");
  });

  it("throws the reason as soon as it is stopped, or was before", async () => {
    const reason = new Error("enough");
    const never = new Promise(() => {});
    await expect(orAborted(never, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = orAborted(never, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it("lets a later error of what nobody waits for pass", async () => {
    let fail = (_error: Error): void => {};
    const late = new Promise((_resolve, reject) => {
      fail = reject;
    });
    await expect(orAborted(late, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
    // An error that nobody caught would end the test's process.
    fail(new Error("too late"));
    await sleep(0);
  });
});
