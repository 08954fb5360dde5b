import { describe, expect, it } from "vitest";

import { sleep } from "./abort.ts";

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
