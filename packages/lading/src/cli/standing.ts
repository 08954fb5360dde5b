import { formatAmount, formatCount } from "./format.ts";
import type { RunView } from "./run-view.ts";

/** The last line of a failure: in what state things are, and where the next run begins. */
export function standing(view: RunView): string {
  if (view.startedAt === undefined) return "Nothing was read and nothing was changed.";
  return `${loadedPart(view)} ${nextPart(view)}`;
}

function loadedPart(view: RunView): string {
  const { committed } = view;
  if (committed.length === 0) return "Nothing of this run was loaded.";
  return `${formatAmount(committed.length, "load")} of this run ${committed.length === 1 ? "is" : "are"} in the database (${committed.join(", ")}).`;
}

function nextPart(view: RunView): string {
  const [package_] = view.sealed;
  if (package_ !== undefined) {
    return `What was fetched is kept (package ${package_}): the next run loads it and fetches nothing again.`;
  }
  if (view.checkpoint !== undefined && view.checkpoint.size > 0) {
    return `The next run goes on from the last checkpoint: ${positions(view.checkpoint)}.`;
  }
  if (view.resumed === "draft") return "The next run goes on from the checkpoint that this one began at.";
  return view.committed.length > 0 ? "The next run goes on from there." : "The next run starts from the same place.";
}

/** At most this many resources are named. */
const most = 4;

function positions(checkpoint: NonNullable<RunView["checkpoint"]>): string {
  const finished = [...checkpoint].filter(([, resource]) => resource.finishedAt !== undefined);
  const open = [...checkpoint].filter(([, resource]) => resource.finishedAt === undefined);
  const named = open
    .slice(0, most)
    .map(([name, { pages }]) => (pages === 0 ? `${name} from its start` : `${name} after page ${formatCount(pages)}`));
  const parts = [
    ...named,
    ...(open.length > most ? [`${formatCount(open.length - most)} more`] : []),
    ...(finished.length > 0 ? [`${formatAmount(finished.length, "resource")} finished`] : []),
  ];
  return parts.join(", ");
}
