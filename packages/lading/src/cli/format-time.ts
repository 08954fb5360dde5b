/** How {@link formatTime} shows a time. */
export interface TimeOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Name of a time zone. Default: this machine's. */
  readonly timeZone?: string;
}

/**
 * A time as people at two places can read it, and how long ago it was:
 * `2026-11-21 20:53:04 +01:00 (19:53:04 UTC), 3 hours ago`.
 * @param at as ISO 8601 with a zone
 */
export function formatTime(at: string | undefined, { now, timeZone }: TimeOptions): string {
  const time = at === undefined ? Number.NaN : Date.parse(at);
  if (Number.isNaN(time)) return "unknown";
  const utc = new Date(time).toISOString().slice(0, 19).replace("T", " ");
  const { local, offset } = localTime(time, timeZone);
  const [day = "", clock = ""] = utc.split(" ");
  const both =
    offset === "+00:00" ? `${utc} UTC` : `${local} ${offset} (${local.startsWith(day) ? "" : `${day} `}${clock} UTC)`;
  return `${both}, ${formatAge(now - time)}`;
}

/** How long ago something was, in one unit: `3 hours ago`. */
export function formatAge(milliseconds: number): string {
  if (milliseconds < -60_000) return "in the future: one of the clocks is wrong";
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [count, unit] =
    seconds < 120
      ? [seconds, "second"]
      : seconds < 7200
        ? [Math.floor(seconds / 60), "minute"]
        : seconds < 172_800
          ? [Math.floor(seconds / 3600), "hour"]
          : [Math.floor(seconds / 86_400), "day"];
  return `${count.toLocaleString("en-US")} ${unit}${count === 1 ? "" : "s"} ago`;
}

function localTime(time: number, timeZone: string | undefined): { readonly local: string; readonly offset: string } {
  const format = new Intl.DateTimeFormat("en-US", {
    ...(timeZone === undefined ? {} : { timeZone }),
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "longOffset",
  });
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  const offset = part("timeZoneName").replace("GMT", "");
  return {
    local: `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}:${part("second")}`,
    offset: offset === "" ? "+00:00" : offset,
  };
}
