/** The largest whole number that is not above the quotient: -1 / 1000 is -1. `/` cuts towards zero. */
export function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value < 0n && quotient * divisor !== value ? quotient - 1n : quotient;
}
