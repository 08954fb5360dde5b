import { sha3Base64 } from "../util/hash.ts";
import { stringify } from "../util/json-text.ts";
import { compareCodePoints } from "../util/python.ts";
import type { Schema } from "./schema.ts";
import { contentToWire } from "./wire.ts";

const longestHistory = 10;

/**
 * dlt's version hash: SHA3-256 of the content with sorted keys, then of table and column names in stored order
 * (spec dlt-core 4.2).
 */
export function schemaHash(schema: Schema): string {
  const chunks = [stringify(contentToWire(schema), { sortKeys: true })];
  for (const name of [...schema.tables.keys()].toSorted(compareCodePoints)) {
    chunks.push(name, ...schema.tables.get(name)!.columns.keys());
  }
  return sha3Base64(...chunks);
}

/** Puts a hash at the front of a schema's history, once. */
export function rememberHash(schema: Schema, hash: string): void {
  if (schema.previousHashes.includes(hash)) return;
  schema.previousHashes.unshift(hash);
  schema.previousHashes.length = Math.min(schema.previousHashes.length, longestHistory);
}

/**
 * Counts the version up where the content has changed since it was last stored (spec dlt-core 4.3).
 * @returns whether it had changed
 */
export function bumpVersion(schema: Schema): boolean {
  const hash = schemaHash(schema);
  const previous = schema.versionHash;
  const changed = hash !== previous;
  if (previous === undefined || previous === "") schema.version ??= 1;
  else if (changed) {
    schema.version = (schema.version ?? 0) + 1;
    rememberHash(schema, previous);
  }
  schema.versionHash = hash;
  return changed;
}
