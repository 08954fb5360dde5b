import type { NormalizersConfig } from "../schema/schema.ts";
import type { NamingConvention } from "../schema/naming/index.ts";
import { stripPython } from "../util/python.ts";

/** Names as the normalizer asks for them, each worked out once (spec dlt-core 2.2). */
export interface Names {
  /** A key at the top of a document as a column. A blank key is `_empty`. */
  column(key: string): string;
  /** A key of a document as a part of its column's name. */
  part(key: string): string;
  /** A key of a list as a part of its table's name. */
  table(key: string): string;
  /** Normalized parts joined to one name, shortened where the destination wants it. */
  join(parts: readonly string[]): string;
}

const emptyKey = "_empty";

/** @param reservedColumns names that no column can have */
export function cachedNames(
  naming: NamingConvention,
  config: Pick<NormalizersConfig, "use_break_path_on_normalize"> = {},
  reservedColumns: readonly string[] = [],
): Names {
  const breaks = config.use_break_path_on_normalize ?? true;
  const columns = new Map<string, string>();
  const parts = new Map<string, string>();
  const tables = new Map<string, string>();
  const joined = new Map<string, string>();
  const reserved = new Set(reservedColumns);
  const part = (key: string): string =>
    cached(parts, key, () => {
      if (stripPython(key) === "") return emptyKey;
      return breaks ? naming.normalizePath(key) : naming.normalizeIdentifier(key);
    });
  return {
    column: (key) =>
      cached(columns, key, () => {
        const name = part(key);
        return reserved.has(name) ? `_${name}` : name;
      }),
    part,
    table: (key) =>
      cached(tables, key, () => (breaks ? naming.normalizeTablesPath(key) : naming.normalizeTableIdentifier(key))),
    join: (pieces) =>
      pieces.length === 1 && naming.maxLength === undefined
        ? pieces[0]!
        : cached(joined, pieces.join("\u0000"), () => naming.shortenFragments(...pieces)),
  };
}

function cached(map: Map<string, string>, key: string, make: () => string): string {
  let name = map.get(key);
  if (name === undefined) map.set(key, (name = make()));
  return name;
}
