import { equal, filteredSource } from "./conditions.ts";
import { keepRows, keptSource } from "./keep-rows.ts";
import type { MergeChain } from "./merge-chain.ts";

/**
 * Merges by delete-insert (spec dlt-core 8.4): the rows whose key comes again are taken out with all that is nested in
 * them, then the new ones put in. By primary key, by merge key, or by both; without any key the rows are only added. A
 * destination scope says by itself what is taken out.
 */
export function deleteInsert(chain: MergeChain): string[] {
  return [...deletions(chain), ...insertions(chain)];
}

function deletions(chain: MergeChain): string[] {
  const { root, nested, tables, primaryKey, mergeKey, destinationScope } = chain;
  if (destinationScope !== undefined) {
    const gone = `SELECT ${root.rowKey} FROM ${root.target} WHERE (${destinationScope})`;
    return [
      ...nested.map((table) => `DELETE FROM ${table.target} WHERE ${table.rootKey} IN (${gone})`),
      `DELETE FROM ${root.target} WHERE (${destinationScope})`,
    ];
  }
  const clauses = [primaryKey, mergeKey].filter((key) => key.length > 0);
  if (clauses.length === 0) return [];
  const matches = clauses.map((key) => `(${equal(key, "d", "s")})`).join(" OR ");
  const keys = [...new Set(clauses.flat())];
  const found = `SELECT 1 FROM ${filteredSource(chain, keys)} AS s WHERE ${matches}`;
  if (nested.length === 0) return [`DELETE FROM ${root.target} AS d WHERE EXISTS (${found})`];
  const gone = tables.temporary("delete");
  return [
    `CREATE TEMPORARY TABLE ${gone} AS SELECT d.${root.rowKey} AS id FROM ${root.target} AS d WHERE EXISTS (${found})`,
    ...nested.map((table) => `DELETE FROM ${table.target} WHERE ${table.rootKey} IN (SELECT id FROM ${gone})`),
    `DELETE FROM ${root.target} WHERE ${root.rowKey} IN (SELECT id FROM ${gone})`,
  ];
}

function insertions(chain: MergeChain): string[] {
  const { root, nested, tables, primaryKey, alive, sourceFilter } = chain;
  const key = chain.deduplicated ? [] : primaryKey;
  if (key.length === 0 && alive === undefined && sourceFilter === undefined) {
    return [root, ...nested].map((table) => {
      const list = table.columns.join(", ");
      return `INSERT INTO ${table.target} (${list}) SELECT ${list} FROM ${table.staging}`;
    });
  }
  const kept = tables.temporary("insert");
  const list = root.columns.join(", ");
  return [
    keepRows(chain, kept, key),
    `INSERT INTO ${root.target} (${list}) SELECT ${list} FROM ${keptSource(chain, kept, "alive")} AS s`,
    ...nested.map((table) => {
      const columns = table.columns.join(", ");
      return `INSERT INTO ${table.target} (${columns}) SELECT ${columns} FROM ${table.staging} WHERE ${table.rootKey} IN (SELECT id FROM ${kept} WHERE alive)`;
    }),
  ];
}
