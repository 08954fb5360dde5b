import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RowBuffer } from "./row-buffer.ts";

function textOf(buffer: RowBuffer): string {
  return Buffer.from(buffer.bytes.subarray(0, buffer.length)).toString();
}

test("writes cells between tabs and rows before line feeds; NULL is nothing, an empty text is quoted", () => {
  const buffer = new RowBuffer();
  buffer.text("a");
  buffer.null();
  buffer.text("");
  buffer.bool(true);
  buffer.integer(-12);
  buffer.double(1.5);
  buffer.endRow();
  expect(textOf(buffer)).toBe('a\t\t""\ttrue\t-12\t1.5\n');
  expect(buffer.rows).toBe(1);
});

test("quotes what a reader would take for the end of a cell or row", () => {
  const buffer = new RowBuffer();
  for (const text of ["tab\there", 'say "hi"', "two\nlines", "return\r", "plain, with comma"]) buffer.text(text);
  buffer.endRow();
  expect(textOf(buffer)).toBe('"tab\there"\t"say ""hi"""\t"two\nlines"\t"return\r"\tplain, with comma\n');
});

test("quotes a byte order mark, which a reader would drop from the start of a file", () => {
  const buffer = new RowBuffer();
  buffer.text("\ufeffx");
  expect(textOf(buffer)).toBe('"\ufeffx"');
});

test("leaves out NUL characters and replaces lone surrogates", () => {
  const buffer = new RowBuffer();
  buffer.text("a\u0000b");
  buffer.text("\ud800x\udc00");
  buffer.text("\u0000");
  buffer.endRow();
  expect(textOf(buffer)).toBe('ab\t\ufffdx\ufffd\t""\n');
});

test("writes every safe integer as its digits", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const buffer = new RowBuffer();
      buffer.integer(value);
      buffer.endRow();
      expect(textOf(buffer)).toBe(`${value}\n`);
    }),
  );
  for (const value of [0, -0, 9, 10, 999_999_999, 1_000_000_000, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
    const buffer = new RowBuffer();
    buffer.integer(value);
    expect(textOf(buffer)).toBe(String(value === 0 ? 0 : value));
  }
});

test("writes every finite double so that it reads back the same", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const buffer = new RowBuffer();
      buffer.double(value);
      expect(Number(textOf(buffer))).toBe(value === 0 ? 0 : value);
    }),
  );
});

test("writes prices in the digits that JavaScript would give them", () => {
  fc.assert(
    fc.property(fc.integer({ min: -20_000_000, max: 20_000_000 }), (cents) => {
      const buffer = new RowBuffer();
      buffer.double(cents / 100);
      expect(textOf(buffer)).toBe(String(cents === 0 ? 0 : cents / 100));
    }),
  );
  for (const value of [-0.05, 0.1, 1.005, 12.5, -12.34, 0.07, 1e9 + 0.25, 99_999_999_999.99]) {
    const buffer = new RowBuffer();
    buffer.double(value);
    expect(textOf(buffer)).toBe(String(value));
  }
});

test("writes a row of checked values by their kinds, ids as bytes or text", () => {
  const buffer = new RowBuffer();
  const values = [Buffer.from("AAAAAAAAAAAAAA"), 7, 1.5, true, "x", "2024-01-02T03:04:05Z", null, "own id"];
  buffer.row(values, [4, 1, 2, 3, 4, 5, 4, 4]);
  expect(textOf(buffer)).toBe("AAAAAAAAAAAAAA\t7\t1.5\ttrue\tx\t2024-01-02T03:04:05Z\t\town id\n");
  expect(values.every((value) => value === null)).toBe(true);
});

test("encodes any well-formed text as UTF-8", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (value) => {
      fc.pre(!/["\t\n\r\u0000\ufeff]/.test(value) && value !== "");
      const buffer = new RowBuffer();
      buffer.text(value);
      expect(textOf(buffer)).toBe(value);
    }),
  );
});

test("goes back to the mark, and grows beyond its first size", () => {
  const buffer = new RowBuffer();
  buffer.text("kept");
  buffer.endRow();
  buffer.mark();
  buffer.text("x".repeat(300_000));
  buffer.endRow();
  buffer.text("half");
  buffer.rollback();
  buffer.text("next");
  buffer.endRow();
  expect(textOf(buffer)).toBe("kept\nnext\n");
  expect(buffer.rows).toBe(2);
});

test("pads rows that wait for columns that came later, line ends in quotes left alone", () => {
  const buffer = new RowBuffer();
  buffer.text("a\nb");
  buffer.endRow();
  buffer.text('c"');
  buffer.endRow();
  buffer.pad(2);
  expect(textOf(buffer)).toBe('"a\nb"\t\t\n"c"""\t\t\n');
  expect(buffer.rows).toBe(2);
});
