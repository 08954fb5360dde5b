import { Buffer } from "node:buffer";
import type { DataType } from "../../schema/data-type.ts";
import { parseIsoDateTime } from "../../schema/temporal.ts";
import { parseExact, toPlain } from "../../util/json.ts";
import { plainInteger } from "../../util/plain.ts";

/**
 * The value that the text of a cell stands for: the way back from `cellText`, to ordinary JavaScript.
 *
 * @returns `undefined` where it is no text of this type
 */
export function cellValue(text: string, type: DataType): unknown {
  switch (type) {
    case "bigint":
      return /^-?\d+$/.test(text) ? plainInteger(BigInt(text)) : undefined;
    case "double":
      return doubleValue(text);
    case "bool":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "timestamp": {
      const timestamp = parseIsoDateTime(text);
      return timestamp === undefined ? undefined : new Date(Number(timestamp.instant / 1000n));
    }
    case "binary":
      return /^\\x(?:[0-9a-f]{2})*$/.test(text) ? Uint8Array.from(Buffer.from(text.slice(2), "hex")) : undefined;
    case "json":
      return jsonValue(text);
    case "time":
      // As databases print it; row files have all six digits or none.
      return text.includes(".") ? text.replace(/0+$/, "") : text;
    case "text":
    case "decimal":
    case "wei":
    case "date":
      return text;
  }
}

function doubleValue(text: string): number | undefined {
  if (text === "inf") return Number.POSITIVE_INFINITY;
  if (text === "-inf") return Number.NEGATIVE_INFINITY;
  if (text === "nan") return Number.NaN;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}

function jsonValue(text: string): unknown {
  try {
    return toPlain(parseExact(text));
  } catch {
    return undefined;
  }
}
