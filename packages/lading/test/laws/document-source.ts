import { resource, source, type Source } from "../../src/index.ts";
import type { ResourceHints } from "../../src/resource/index.ts";
import { pageOf } from "./documents.ts";

/** Every way in which rows go into a table, by its name. */
export const dispositions = ["append", "replace", "delete-insert", "upsert", "insert-only", "scd2", "cdc"] as const;
export type Disposition = (typeof dispositions)[number];

function hintsOf(disposition: Disposition): ResourceHints {
  if (disposition === "append" || disposition === "replace") return { writeDisposition: disposition };
  const writeDisposition = { disposition: "merge", strategy: disposition } as const;
  return disposition === "scd2" ? { writeDisposition } : { writeDisposition, primaryKey: "id" };
}

/**
 * A source with one resource, `t`, of documents in pages.
 *
 * @param placed whether pages say where to go on after them; else it is read again from its start
 */
export function documentSource(
  pages: readonly (readonly string[])[],
  disposition: Disposition,
  placed = false,
): Source {
  const one = resource({ name: "t", ...hintsOf(disposition) }, async function* ({ position }) {
    const from = placed && typeof position === "number" ? position : 0;
    for (const [index, texts] of pages.entries()) {
      if (index < from) continue;
      await Promise.resolve();
      yield pageOf(texts, placed ? { position: index + 1 < pages.length ? index + 1 : null } : {});
    }
  });
  return source("shop", [one]);
}
