import * as fc from "fast-check";
import { expect, it } from "vitest";
import { rateLimiter } from "./rate-limit.ts";

it("allows as many as the limit in a minute, says how long to wait, and begins again with the next minute", () => {
  let now = 600_000;
  const limiter = rateLimiter(() => now);
  expect(limiter("a", 2)).toEqual({ allowed: true, limit: 2, remaining: 1, retryAfter: 60 });
  now += 20_500;
  expect(limiter("a", 2)).toEqual({ allowed: true, limit: 2, remaining: 0, retryAfter: 40 });
  expect(limiter("a", 2)).toMatchObject({ allowed: false, remaining: 0, retryAfter: 40 });
  now = 659_999;
  expect(limiter("a", 2)).toMatchObject({ allowed: false, retryAfter: 1 });
  now = 660_000;
  expect(limiter("a", 2)).toMatchObject({ allowed: true, remaining: 1 });
});

it("counts every key by itself", () => {
  const limiter = rateLimiter(() => 0);
  expect(limiter("a", 1).allowed).toBe(true);
  expect(limiter("b", 1).allowed).toBe(true);
  expect(limiter("a", 1).allowed).toBe(false);
});

it("always lets a caller through who waits as long as told", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 42 }), fc.integer({ min: 1, max: 5 }), (start, limit) => {
      let now = start;
      const limiter = rateLimiter(() => now);
      let verdict = limiter("a", limit);
      for (let n = 0; n < limit; n++) verdict = limiter("a", limit);
      expect(verdict.allowed).toBe(false);
      now += verdict.retryAfter * 1000;
      expect(limiter("a", limit).allowed).toBe(true);
    }),
  );
});
