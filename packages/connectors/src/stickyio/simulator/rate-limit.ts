const minuteMs = 60_000;

/** What a limiter says of one request. */
export interface Verdict {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until the next minute begins, at least 1. */
  readonly retryAfter: number;
}

/** Counts requests by key in fixed minutes of the given clock; what is refused is not counted. */
export type RateLimiter = (key: string, limit: number) => Verdict;

/** A limiter that has seen no request; `now` is in milliseconds since 1970. */
export function rateLimiter(now: () => number): RateLimiter {
  const windows = new Map<string, { minute: number; used: number }>();
  return (key, limit) => {
    const at = now();
    const minute = Math.floor(at / minuteMs);
    const last = windows.get(key);
    const window = last?.minute === minute ? last : { minute, used: 0 };
    windows.set(key, window);
    const allowed = window.used < limit;
    if (allowed) window.used += 1;
    const retryAfter = Math.max(1, Math.ceil(((minute + 1) * minuteMs - at) / 1000));
    return { allowed, limit, remaining: limit - window.used, retryAfter };
  };
}
