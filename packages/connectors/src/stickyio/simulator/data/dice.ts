/** @returns 32 even bits from three whole numbers; equal input, equal output, on every machine. */
export function hash32(seed: number, salt: number, index: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(salt + 0x7f4a7c15, 0xc2b2ae35);
  h = scramble(h ^ Math.imul(index | 0, 0x27d4eb2f));
  return scramble(h + Math.imul(index | 0, 0x165667b1) + Math.imul(salt, 0x2545f491)) >>> 0;
}

/** The finishing step of MurmurHash3: every bit of the input moves every bit of the output, and no two inputs meet. */
export function scramble(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** @returns a whole number from 0 to `count - 1`. */
export function pick(seed: number, salt: number, index: number, count: number): number {
  return Math.floor((hash32(seed, salt, index) / 2 ** 32) * count);
}

/** The random choices of one row. The order of the throws is part of what the row is. */
export interface Dice {
  /** A whole number from 0 to `count - 1`. */
  below(count: number): number;
  /** One of a list that is not empty. */
  of<T>(list: readonly T[]): T;
  /** `true` in this share of the throws, from 0 to 1. */
  chance(share: number): boolean;
}

/** Dice for one row (a Weyl sequence, scrambled), all of it drawn from `(seed, salt, index)`. */
export function dice(seed: number, salt: number, index: number): Dice {
  let state = hash32(seed, salt, index);
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    return scramble(state) / 2 ** 32;
  };
  return {
    below: (count) => Math.floor(next() * count),
    of: (list) => list[Math.floor(next() * list.length)] as (typeof list)[number],
    chance: (share) => next() < share,
  };
}
