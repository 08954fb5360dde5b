import { descendants, resourceTrees } from "../extract/tree.ts";
import { checkContract } from "../resource/check-contract.ts";
import { LadingError } from "../errors/index.ts";
import { checkTables } from "./check-tables.ts";
import { resourceLabels, type ChosenSource } from "./choose-sources.ts";
import { checkCommitEvery } from "./commit-every.ts";
import { openDraft } from "./drafts.ts";
import type { RunEvent, WithoutTime } from "./events.ts";
import { extractAndLoad } from "./extract-and-load.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Job } from "./job.ts";
import type { Reading } from "./reading.ts";
import { checkDropsTables } from "./refresh.ts";
import type { RemainingSources } from "./remaining-sources.ts";
import { replacedFromStaging } from "./replaced-from-staging.ts";
import type { RunResult } from "./result.ts";
import { importedSchema } from "./schema-files.ts";

/**
 * Reads sources one after the other, each into packages of its own. What an earlier run began is gone on with: a draft
 * belongs to one source, and `remaining` knows those that come after it.
 */
export async function readSources(
  job: Job,
  chosen: readonly ChosenSource[],
  remaining: RemainingSources,
): Promise<RunResult["kind"]> {
  // All are checked before the first is read: what would fail in the end has loaded nothing.
  const readings = await checkedReadings(job, chosen);
  await job.checkDisk();
  const draft = await openDraft(job, new Map(readings.map((reading) => [reading.job.schemaName, reading.print])));
  const { known } = remaining;
  const all = readings.map((reading) => reading.job.schemaName);
  // A draft that no such run has left is by itself what is unfinished.
  const isLone = draft !== undefined && draft.schemaName !== (known ?? all)[0];
  const left = isLone ? [draft.schemaName] : (known ?? all);
  const isRest = left.length < all.length;
  if (isRest && !isLone) {
    const message = `An earlier run has loaded ${all.slice(0, -left.length).join(", ")} already; going on with ${left.join(", ")}.`;
    job.emit({ type: "resumed", what: "sources", message });
  }
  if (remaining.stale !== undefined) {
    const message = `An earlier run of other sources or resources had still to read ${remaining.stale.join(", ")}; that is forgotten.`;
    job.emit({ type: "warning", message });
  }
  if (known === undefined || isLone) await remaining.begin(left, await job.store.newest());

  const kinds: RunResult["kind"][] = isRest ? ["unfinished"] : [];
  for (const reading of readings) {
    const { schemaName } = reading.job;
    if (!left.includes(schemaName)) continue;
    if (job.signal.aborted) {
      throw new LadingError("ABORTED", `The run was stopped before "${schemaName}" was read.`, {
        cause: job.signal.reason,
      });
    }
    kinds.push(await extractAndLoad(reading, draft?.schemaName === schemaName ? draft : undefined));
    // Of one that had nothing to load; else it is done already, with its last load.
    await remaining.done(schemaName);
  }
  if (kinds.includes("unfinished")) return "unfinished";
  return kinds.includes("new") ? "new" : "nothing";
}

async function checkedReadings(job: Job, chosen: readonly ChosenSource[]): Promise<readonly Reading[]> {
  const { commitEvery, schemaContract = job.parts.schemaContract } = job.options;
  if (job.refresh !== undefined) checkDropsTables(job.parts.destination);
  checkContract("the run", schemaContract);
  const label = resourceLabels(job.sources);
  const schemaNames = chosen.map((one) => one.schemaName);
  const checked = chosen.map(async (one): Promise<Reading> => {
    const { source, names, naming, schemaName, selected } = one;
    const trees = resourceTrees(source.resources, selected);
    checkTables(trees, names);
    if (commitEvery !== undefined) checkCommitEvery(commitEvery, trees);
    const imported = await importedSchema(job.disk, job.schemaFolders, schemaName);
    return {
      job: {
        ...job,
        ...one,
        schemaNames,
        emit: (event) => job.emit(labelled(event, (resource) => label(schemaName, resource))),
      },
      trees,
      resources: trees.flatMap(descendants).map((node) => node.resource.name),
      replacedFromStaging: replacedFromStaging(trees, names, job.parts.destination, job.config),
      schemaContract,
      print: fingerprint(source, selected, job.dataset, {
        schemaContract,
        naming: naming.asked,
        importedHash: imported?.versionHash,
        refresh: job.refresh,
      }),
      imported,
    };
  });
  return Promise.all(checked);
}

function labelled(event: WithoutTime<RunEvent>, label: (resource: string) => string): WithoutTime<RunEvent> {
  return "resource" in event && event.resource !== undefined ? { ...event, resource: label(event.resource) } : event;
}
