/** Moments, days and times of day to the microsecond, and the texts that dlt takes for them (spec dlt-core 3.7). */
export {
  parseIsoDate,
  parseIsoDateTime,
  parseIsoTime,
  parseTimestampLoose,
  timestampFromSeconds,
} from "./temporal-parse.ts";
export { isPlainIsoTimestamp } from "./temporal-plain.ts";
export { CalendarDate, TimeOfDay, Timestamp, timestampOf, timestampOfDate } from "./temporal-value.ts";
