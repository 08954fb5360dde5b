/** The phases of a run, in order. */
export const phases = ["extract", "checkpoint", "copy early", "seal", "migrate", "copy", "commit", "after commit"];

/** @returns {string | undefined} the phase that a fault point belongs to, by its name; none: it is before all of them */
export function phaseOf(name) {
  if (name === "destination migrate") return "migrate";
  if (name.startsWith("destination copy early")) return "copy early";
  if (name.startsWith("destination copy")) return "copy";
  if (name === "destination commit") return "commit";
  if (name.startsWith("destination")) return undefined;
  if (/ (?:packages\/<load id>\/rows|loaded)/.test(name) || name.startsWith("sync-folder loaded"))
    return "after commit";
  if (/ draft\/(?:schema|state|manifest)\.json/.test(name) || name.startsWith("rename packages")) return "seal";
  if (/ draft\/(?:rows|journal\.jsonl)/.test(name)) return "checkpoint";
  return undefined;
}
