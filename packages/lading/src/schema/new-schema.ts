import { LadingError } from "../errors/index.ts";
import { engineVersion, type Schema } from "./schema.ts";
import { loadsTable, versionTable } from "./system-tables.ts";

/** The module that Python dlt imports for a schema of this kind; written literally (spec dlt-core 4.7). */
export const relationalModule = "dlt.common.normalizers.json.relational";

/** A schema that knows nothing yet: dlt's own two tables and the default settings (spec dlt-core 4.2, dlt-1.31 1.3). */
export function newSchema(name: string, naming = "snake_case"): Schema {
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) || name.length > 64) {
    throw new LadingError("INVALID_ARGUMENT", `"${name}" cannot be the name of a schema.`, {
      hint: "Use letters, digits and underscores, no digit first, and at most 64 characters.",
    });
  }
  return {
    name,
    version: undefined,
    versionHash: undefined,
    previousHashes: [],
    engineVersion,
    tables: new Map([
      ["_dlt_version", versionTable()],
      ["_dlt_loads", loadsTable()],
    ]),
    settings: { detections: ["iso_timestamp"], default_hints: defaultHints() },
    normalizers: { names: naming, json: { module: relationalModule } },
  };
}

/** What the normalizer knows of its own columns; the order of the lists is hashed (spec dlt-core 2.7). */
export function defaultHints(): Record<string, string[]> {
  return {
    not_null: ["_dlt_id", "_dlt_root_id", "_dlt_parent_id", "_dlt_list_idx", "_dlt_load_id"],
    parent_key: ["_dlt_parent_id"],
    root_key: ["_dlt_root_id"],
    unique: ["_dlt_id"],
    row_key: ["_dlt_id"],
  };
}
