import type { CarbonTime, PlainDate, PlainTime } from "../../rows.ts";

/** How the API writes "no date". */
export const noDate: PlainDate = "0000-00-00";

/** @returns the day of a time in milliseconds since 1970, as `YYYY-MM-DD`. The account of the simulator is in UTC. */
export function plainDate(ms: number): PlainDate {
  return new Date(ms).toISOString().slice(0, 10);
}

/** @returns a time in milliseconds since 1970 as `YYYY-MM-DD HH:MM:SS`. */
export function plainTime(ms: number): PlainTime {
  const text = new Date(ms).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)}`;
}

/** @returns a time in milliseconds since 1970 in the shape that PHP's Carbon gives it in JSON. */
export function carbonTime(ms: number): CarbonTime {
  const text = new Date(ms).toISOString();
  return { date: `${text.slice(0, 10)} ${text.slice(11, 23)}000`, timezone_type: 3, timezone: "UTC" };
}
