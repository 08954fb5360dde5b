/** The cells of a row as texts; `null` is NULL. */
export type RowCells = readonly (string | null)[];

const quote = 34;

/**
 * The rows in a text of tab-separated cells that ends with a row's end: `RowBuffer` (load-package) says what it looks like.
 * @returns `undefined` where it is not what `RowBuffer` writes: another number of cells, a quote where none may be
 */
export function parseRows(text: string, columns: number): RowCells[] | undefined {
  const rows: RowCells[] = [];
  for (let at = 0; at < text.length;) {
    const row: (string | null)[] = [];
    let isOpen = true;
    while (isOpen) {
      const isQuoted = text.charCodeAt(at) === quote;
      const end = isQuoted ? endOfQuoted(text, at) : endOfPlain(text, at);
      const separator = text[end];
      if (separator !== "\t" && separator !== "\n") return undefined;
      if (isQuoted) row.push(text.slice(at + 1, end - 1).replaceAll('""', '"'));
      else row.push(end === at ? null : text.slice(at, end));
      isOpen = separator === "\t";
      at = end + 1;
    }
    if (row.length !== columns) return undefined;
    rows.push(row);
  }
  return rows;
}

/** Where a cell without quotes ends: at the next separator. */
function endOfPlain(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 9 || code === 10 || code === quote) break;
  }
  return at;
}

/** Where a cell in quotes ends: behind the quote that is not doubled. */
function endOfQuoted(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    if (text.charCodeAt(at + 1) !== quote) return at + 1;
    at += 2;
  }
}
