import { cellKind, type CellKind } from "./cell-kind.ts";

const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;
const byteOrderMark = 0xfeff;
const initialSize = 64 * 1024;

/**
 * Rows of one table as tab-separated CSV, built byte by byte: the format that DuckDB's `read_csv` and Postgres' COPY
 * read with the same meaning (spec performance 1.1, 3).
 *
 * - `\t` between cells, `\n` after a row; NULL is nothing, an empty text is `""`
 * - a cell is quoted only where it holds a tab, a quote, a line end or a carriage return, or is empty
 * - UTF-8; a lone surrogate becomes U+FFFD, a NUL character is left out, as dlt leaves it out (spec dlt-1.31 1.9)
 */
export class RowBuffer {
  bytes: Uint8Array = Buffer.allocUnsafe(initialSize);
  /** Bytes in use. */
  length = 0;
  rows = 0;
  /** Longest row so far, in bytes: readers must be told (spec performance 3). */
  longestRow = 0;
  #rowStart = 0;
  #markLength = 0;
  #markRows = 0;
  #firstCell = true;

  /** Remembers the end of what is right, to which {@link rollback} goes back. */
  mark(): void {
    this.#markLength = this.length;
    this.#markRows = this.rows;
  }

  rollback(): void {
    this.length = this.#markLength;
    this.rows = this.#markRows;
    this.#rowStart = this.length;
    this.#firstCell = true;
  }

  /** Forgets everything: it was written to a file. */
  clear(): void {
    this.length = 0;
    this.rows = 0;
    this.longestRow = 0;
    this.#rowStart = 0;
    this.mark();
  }

  endRow(): void {
    this.#reserve(1);
    this.bytes[this.length++] = lineFeed;
    this.rows++;
    if (this.length - this.#rowStart > this.longestRow) this.longestRow = this.length - this.#rowStart;
    this.#rowStart = this.length;
    this.#firstCell = true;
  }

  /** A line of any text, as it is: of files that are not to be loaded. */
  line(text: string): void {
    const bytes = Buffer.from(text);
    this.#reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    this.endRow();
  }

  null(): void {
    this.#separate(0);
  }

  /** A cell whose text needs neither quotes nor more than one byte a character: numbers, booleans, instants, ids. */
  ascii(text: string): void {
    this.#separate(text.length);
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.length = at;
  }

  bool(value: boolean): void {
    this.ascii(value ? "true" : "false");
  }

  /** A safe integer. */
  integer(value: number): void {
    this.#separate(17);
    const { bytes } = this;
    let rest = value;
    if (rest < 0) {
      bytes[this.length++] = 45;
      rest = -rest;
    }
    let digits = 1;
    for (let limit = 10; digits < 16 && rest >= limit; limit *= 10) digits++;
    let at = this.length + digits;
    this.length = at;
    // 32-bit arithmetic is several times faster, and nearly all integers are small.
    if (rest < 1e9) {
      let small = rest | 0;
      do {
        const tens = (small / 10) | 0;
        bytes[--at] = 48 + small - tens * 10;
        small = tens;
      } while (small > 0);
      return;
    }
    do {
      const tens = Math.floor(rest / 10);
      bytes[--at] = 48 + (rest - tens * 10);
      rest = tens;
    } while (rest > 0);
  }

  /** A finite double, in the shortest digits that mean it. */
  double(value: number): void {
    if (Number.isInteger(value) && value < 1e15 && value > -1e15) {
      this.integer(value);
      return;
    }
    // Prices: hundredths that divide back to the same double need no general algorithm.
    const hundredths = Math.round(value * 100);
    if (hundredths < 1e11 && hundredths > -1e11 && hundredths / 100 === value) this.#hundredths(hundredths);
    else this.ascii(String(value));
  }

  #hundredths(value: number): void {
    const positive = Math.abs(value);
    const whole = Math.floor(positive / 100);
    const rest = positive - whole * 100;
    if (value < 0) {
      this.integer(-whole);
      // Minus nothing has lost its sign.
      if (whole === 0) {
        this.length--;
        this.bytes[this.length++] = 45;
        this.bytes[this.length++] = 48;
      }
    } else this.integer(whole);
    this.#reserve(3);
    const { bytes } = this;
    bytes[this.length++] = 46;
    const tens = (rest / 10) | 0;
    bytes[this.length++] = 48 + tens;
    const ones = rest - tens * 10;
    if (ones !== 0) bytes[this.length++] = 48 + ones;
  }

  /**
   * Rows that are in this form already.
   *
   * @param starts where each of them begins
   * @param more empty cells that are put to the end of each
   */
  wholeRows(rows: Uint8Array, starts: readonly number[], more: number): void {
    this.#reserve(rows.length + starts.length * more);
    for (let i = 0; i < starts.length; i++) {
      const length = (starts[i + 1] ?? rows.length) - starts[i]! + more;
      if (length > this.longestRow) this.longestRow = length;
    }
    if (more === 0) {
      this.bytes.set(rows, this.length);
      this.length += rows.length;
    } else {
      for (let i = 0; i < starts.length; i++) {
        const cells = rows.subarray(starts[i], (starts[i + 1] ?? rows.length) - 1);
        this.bytes.set(cells, this.length);
        this.length += cells.length;
        for (let j = 0; j < more; j++) this.bytes[this.length++] = tab;
        this.bytes[this.length++] = lineFeed;
      }
    }
    this.rows += starts.length;
    this.#rowStart = this.length;
    this.#firstCell = true;
  }

  /** A cell of any text. */
  text(text: string): void {
    this.#separate(text.length * 3 + 2);
    const { bytes } = this;
    const start = this.length;
    let at = start;
    let quoted = text.length === 0;
    for (let i = 0; i < text.length; i++) {
      let code = text.charCodeAt(i);
      if (code < 0x80) {
        if (code === quote || code === tab || code === lineFeed || code === carriageReturn) quoted = true;
        else if (code === 0) continue;
        bytes[at++] = code;
        continue;
      }
      // At the start of a file a reader takes it for a byte order mark, and drops it.
      if (code === byteOrderMark) quoted = true;
      if (code < 0x800) {
        bytes[at++] = 0xc0 | (code >> 6);
        bytes[at++] = 0x80 | (code & 0x3f);
        continue;
      }
      if (code >= 0xd800 && code <= 0xdfff) {
        const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
        if (code <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) {
          code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00);
          i++;
          bytes[at++] = 0xf0 | (code >> 18);
          bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
          bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
          bytes[at++] = 0x80 | (code & 0x3f);
          continue;
        }
        code = 0xfffd;
      }
      bytes[at++] = 0xe0 | (code >> 12);
      bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[at++] = 0x80 | (code & 0x3f);
    }
    this.length = at;
    if (quoted || at === start) this.#quote(start);
  }

  /** Puts what stands from `start` on in quotes, and doubles the quotes in it. */
  #quote(start: number): void {
    const cell = Uint8Array.from(this.bytes.subarray(start, this.length));
    let quotes = 0;
    for (const byte of cell) if (byte === quote) quotes++;
    this.#reserve(quotes + 2);
    const { bytes } = this;
    let at = start;
    bytes[at++] = quote;
    for (const byte of cell) {
      if (byte === quote) bytes[at++] = quote;
      bytes[at++] = byte;
    }
    bytes[at++] = quote;
    this.length = at;
  }

  /** Adds empty cells to the end of every row, for columns that came later. */
  pad(cells: number): void {
    if (this.rows === 0 || cells === 0) return;
    const before = Uint8Array.from(this.bytes.subarray(0, this.length));
    this.#reserve(this.rows * cells);
    const { bytes } = this;
    let at = 0;
    let inQuotes = false;
    for (const byte of before) {
      if (byte === quote) inQuotes = !inQuotes;
      else if (byte === lineFeed && !inQuotes) for (let i = 0; i < cells; i++) bytes[at++] = tab;
      bytes[at++] = byte;
    }
    this.length = at;
    this.#rowStart = at;
    this.longestRow += cells;
    this.mark();
  }

  /**
   * A whole row of values that were checked against their kinds; they are set to null.
   * Ids may be bytes: 14 characters of ASCII.
   */
  row(values: unknown[], kinds: readonly CellKind[]): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value === null) {
        this.null();
        continue;
      }
      values[i] = null;
      switch (kinds[i]) {
        case cellKind.bigint:
          this.integer(value as number);
          break;
        case cellKind.double:
          this.double(value as number);
          break;
        case cellKind.bool:
          this.bool(value as boolean);
          break;
        case cellKind.timestamp:
          this.ascii(value as string);
          break;
        default:
          if (typeof value === "string") this.text(value);
          else this.#id(value as Uint8Array);
      }
    }
    this.endRow();
  }

  #id(id: Uint8Array): void {
    this.#separate(id.length);
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < id.length; i++) bytes[at++] = id[i]!;
    this.length = at;
  }

  #separate(room: number): void {
    this.#reserve(room + 1);
    if (this.#firstCell) this.#firstCell = false;
    else this.bytes[this.length++] = tab;
  }

  #reserve(room: number): void {
    const needed = this.length + room;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}
