import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type DataType, dataTypes } from "../schema/data-type.ts";
import {
  CalendarDate,
  parseIsoDate,
  parseIsoDateTime,
  parseIsoTime,
  TimeOfDay,
  Timestamp,
} from "../schema/temporal.ts";
import { DecimalValue, type Value } from "../schema/values.ts";
import { ExactFloat } from "../util/exact.ts";
import { stringify } from "../util/json-text.ts";
import { parseExact } from "../util/json.ts";
import { floatRepr } from "../util/python.ts";
import { coerce, detect, inferColumn, normalizeTimestamp, typeOf, variantType } from "./coerce.ts";

interface Vectors {
  readonly coerce: readonly (readonly [value: string, from: DataType, to: DataType, result: string | null])[];
  readonly normalizeTimestamp: readonly (readonly [value: string, timezone: boolean, result: string | null])[];
}
interface TextVectors {
  readonly texts: readonly (readonly [
    text: string,
    is: string | null,
    timestamp: string | null,
    date: string | null,
    time: string | null,
  ])[];
}

function vectorsOf(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"));
}
const vectors = vectorsOf("coerce.vectors.json") as Vectors;
const { texts } = vectorsOf("../schema/temporal.vectors.json") as TextVectors;

const readers: Readonly<Record<string, (text: string) => Value | undefined>> = {
  text: (text) => text,
  int: BigInt,
  float: (text) => new ExactFloat(Number(text.replace("inf", "Infinity")), text),
  bool: (text) => text === "true",
  decimal: (text) => DecimalValue.parse(text),
  timestamp: parseIsoDateTime,
  date: parseIsoDate,
  time: parseIsoTime,
  binary: (text) => Uint8Array.from(Buffer.from(text, "hex")),
  json: parseExact,
};

function read(text: string): Value {
  const colon = text.indexOf(":");
  const value = readers[text.slice(0, colon)]?.(text.slice(colon + 1));
  if (value === undefined) throw new Error(`no value: ${text}`);
  return value;
}

function show(value: Value | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return `text:${value}`;
  if (typeof value === "bigint") return `int:${value}`;
  if (typeof value === "boolean") return `bool:${value}`;
  if (value instanceof ExactFloat) return `float:${floatRepr(value.value)}`;
  if (value instanceof DecimalValue) return `decimal:${value.toString()}`;
  if (value instanceof Timestamp) return `timestamp:${value.toIso()}`;
  if (value instanceof CalendarDate) return `date:${value.toIso()}`;
  if (value instanceof TimeOfDay) return `time:${value.toIso()}`;
  if (value instanceof Uint8Array) return `binary:${Buffer.from(value).toString("hex")}`;
  return `json:${stringify(value)}`;
}

describe("coerce", () => {
  it("turns values into other types as dlt does", () => {
    for (const [value, from, to, result] of vectors.coerce) {
      expect([value, from, to, show(coerce(read(value), from, to))]).toEqual([value, from, to, result]);
    }
  });

  it("reads texts for columns of dates and times as dlt does", () => {
    for (const [text, , timestamp, date, time] of texts) {
      expect([
        text,
        show(coerce(text, "text", "timestamp")),
        show(coerce(text, "text", "date")),
        show(coerce(text, "text", "time")),
      ]).toEqual([text, timestamp, date, time]);
    }
  });

  it("leaves a value of the right type as it is", () => {
    for (const [value, from] of vectors.coerce) {
      const present = read(value);
      expect(coerce(present, from, from)).toBe(present);
    }
    expect(coerce(null, "text", "bigint")).toBeUndefined();
  });

  it("takes the digits of the document, where dlt takes those of the double", () => {
    const double = (text: string): ExactFloat => new ExactFloat(Number(text), text);
    expect(show(coerce(double("12.345678901234567890"), "double", "decimal"))).toBe("decimal:12.345678901234567890");
    expect(show(coerce(double("9007199254740993.0"), "double", "bigint"))).toBe("int:9007199254740993");
    expect(show(coerce(double("12345678901234567890.5"), "double", "text"))).toBe("text:12345678901234567890.5");
    expect(show(coerce(double("1e400"), "double", "text"))).toBe("text:1e400");
    // equal numbers in other words are written as Python does
    expect(show(coerce(double("1.50"), "double", "decimal"))).toBe("decimal:1.5");
    expect(show(coerce(double("10E15"), "double", "text"))).toBe("text:1e+16");
    expect(show(coerce("9".repeat(40), "text", "json"))).toBe(`int:${"9".repeat(40)}`);
  });

  it("leaves a cell NULL for the text of a JSON null", () => {
    expect(coerce(" null ", "text", "json")).toBeNull();
    expect(coerce("nil", "text", "json")).toBeUndefined();
  });

  it("takes a JavaScript Date for a moment in UTC", () => {
    const date = new Date("2024-01-02T03:04:05.678Z");
    expect(show(coerce(date, "timestamp", "text"))).toBe("text:2024-01-02T03:04:05.678000+00:00");
    expect(show(coerce(date, "timestamp", "date"))).toBe("date:2024-01-02");
    expect(coerce(new Date(Number.NaN), "timestamp", "date")).toBeUndefined();
  });

  it("never throws, and its result is of the type asked for or of none", () => {
    const anyText = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^[-+.:0-9eExXnaif_TZ "[\]{}=/,]{0,30}$/),
      fc.json(),
    );
    const anyValue = fc.oneof(
      anyText,
      fc.bigInt(),
      fc.boolean(),
      fc.double().map((value) => new ExactFloat(value)),
      fc.uint8Array(),
      anyText.map((text) => DecimalValue.parse(text) ?? new Map([["a", text]])),
    );
    fc.assert(
      fc.property(anyValue, fc.constantFrom(...dataTypes), (value, to) => {
        const coerced = coerce(value, typeOf(value), to);
        if (coerced === undefined || coerced === null || to === "json") return;
        expect(typeOf(coerced)).toBe(to === "wei" ? "decimal" : to);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("types of values", () => {
  it.each([
    ["a", "text"],
    [1n, "bigint"],
    [new ExactFloat(1, "1.0"), "double"],
    [true, "bool"],
    [new Date(0), "timestamp"],
    [new Timestamp(0n), "timestamp"],
    [new CalendarDate(0), "date"],
    [new TimeOfDay(0), "time"],
    [DecimalValue.fromInteger(1n), "decimal"],
    [new Uint8Array(1), "binary"],
    [new Map(), "json"],
    [[], "json"],
  ] as const)("are dlt's: %s is %s", (value, type) => {
    expect(typeOf(value as Exclude<Value, null>)).toBe(type);
  });

  it("detect a text with a date and a time, and nothing else", () => {
    for (const [text, is] of texts) {
      const utc = coerce(text, "text", "date");
      const detected = is?.startsWith("timestamp:") === true && utc !== undefined;
      expect([text, detect(text)]).toEqual([text, detected ? "timestamp" : undefined]);
    }
    for (const value of [1704164645n, new ExactFloat(1704164645.5), true, new Map()])
      expect(detect(value)).toBeUndefined();
  });

  it("do not detect a moment that is outside the years 1 to 9999 in UTC, on which dlt fails", () => {
    expect(detect("0001-01-01T00:00:00+14:00")).toBeUndefined();
    expect(inferColumn("9999-12-31T23:59:59-14:00")).toEqual({ dataType: "text" });
  });

  it("give a number that is too long for its own type a wider one", () => {
    expect(inferColumn(2n ** 63n - 1n)).toEqual({ dataType: "bigint" });
    expect(inferColumn(-(2n ** 63n))).toEqual({ dataType: "bigint" });
    expect(inferColumn(2n ** 63n)).toEqual({ dataType: "decimal", precision: 38, scale: 0 });
    expect(inferColumn(1n - 10n ** 38n)).toEqual({ dataType: "decimal", precision: 38, scale: 0 });
    expect(inferColumn(10n ** 38n)).toEqual({ dataType: "text" });
    expect(inferColumn(DecimalValue.fromInteger(1n))).toEqual({ dataType: "decimal" });
    expect(inferColumn(DecimalValue.fromInteger(10n ** 29n))).toEqual({ dataType: "text" });
  });

  it("name a variant after the value, though its column may be something else", () => {
    expect(variantType("x")).toEqual({ suffix: "text", dataType: "text" });
    expect(variantType("2024-01-02T03:04:05Z")).toEqual({ suffix: "text", dataType: "timestamp" });
    expect(variantType(1n)).toEqual({ suffix: "bigint", dataType: "bigint" });
    expect(variantType(2n ** 64n)).toEqual({ suffix: "decimal", dataType: "decimal", precision: 38, scale: 0 });
    expect(variantType(10n ** 40n)).toEqual({ suffix: "text", dataType: "text" });
    expect(variantType(new Map())).toEqual({ suffix: "json", dataType: "json" });
  });
});

describe("normalizeTimestamp", () => {
  it("puts timestamps into UTC as dlt does", () => {
    for (const [value, timezone, result] of vectors.normalizeTimestamp) {
      const normalized = normalizeTimestamp(read(value), timezone) as Timestamp;
      const shown = normalized.isRepresentable ? show(normalized) : null;
      expect([value, timezone, shown]).toEqual([value, timezone, result]);
    }
  });

  it("makes a timestamp of a Date, and leaves anything else alone", () => {
    expect(show(normalizeTimestamp(new Date(0), true))).toBe("timestamp:1970-01-01T00:00:00+00:00");
    expect(show(normalizeTimestamp(new Date(0), false))).toBe("timestamp:1970-01-01T00:00:00");
    expect(normalizeTimestamp("x", true)).toBe("x");
  });
});
