/**
 * Lines of a table: texts to the left, numbers to the right with commas between thousands.
 * @param {readonly string[]} head
 * @param {readonly (readonly unknown[])[]} rows
 * @param {string} [indent]
 */
export function table(head, rows, indent = "  ") {
  const cells = [head, ...rows.map((row) => row.map(text))];
  const isRight = head.map(
    (_, column) => rows.length > 0 && rows.every((row) => isNumber(row[column]) || row[column] === null),
  );
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells
    .map((row) =>
      row.map((cell, column) => (isRight[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))),
    )
    .map((row) => `${indent}${row.join("  ")}`.trimEnd())
    .join("\n");
}

const isNumber = (value) => typeof value === "number" || typeof value === "bigint";

function text(value) {
  if (value === null || value === undefined) return "";
  if (isNumber(value)) return value.toLocaleString("en-US");
  const whole = value instanceof Date ? value.toISOString() : String(value);
  return whole.length > 40 ? `${whole.slice(0, 39)}…` : whole;
}
