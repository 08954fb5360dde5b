import { ok } from "node:assert/strict";
import { LadingError } from "../../../errors/index.ts";
import { faultPoints, faultyDestination, type FaultKind } from "../../faults/index.ts";
import type { DestinationCase } from "../destination-suite.ts";
import { finish, holdsRounds, shop } from "../shop.ts";
import { group } from "./group.ts";

const unreachable = (): LadingError =>
  new LadingError("DESTINATION_UNREACHABLE", "The line to the destination is gone.");

/** Every call that a run makes fails once, each in a run of its own; in the end each row is there once. */
const failsAt =
  (kind: FaultKind, isFirst: boolean): DestinationCase["run"] =>
  async (context) => {
    if (!isFirst) await context.run(shop(1));
    let extra = 0;
    for (let at = 1, round = 1, isStruck = true; isStruck; at += context.stride) {
      const where = isFirst ? { dataset: `d${at}`, home: `home${at}` } : {};
      if (!isFirst) round++;
      const points = faultPoints({ at, kind, error: unreachable });
      const faulty = faultyDestination(context.destination, points);
      let isDone = true;
      try {
        await context.run(shop(round), { ...where, destination: faulty.destination });
      } catch (error) {
        isDone = false;
        ok(LadingError.is(error), `at ${points.struck}: ${String(error)}`);
      } finally {
        await faulty.drop();
      }
      isStruck = points.struck !== undefined;
      ok(isDone === !isStruck, `the fault at ${points.struck} was not noticed`);
      if (isFirst) extra = 0;
      if (!isDone) extra += await finish(context, round, where);
      await holdsRounds(context, { round, loads: round + extra, when: `${kind} at ${points.struck}` }, where);
      ok(at < 200, "the run has no end");
    }
  };

/** Calls of the destination that fail, or that were done and seem to fail. */
export const interrupted = group("interrupted", {
  "the first load fails at each of its calls, and is then there once": failsAt("error", true),
  "the first load is done and seems to fail at each of its calls, and is then there once": failsAt("error-late", true),
  "a later load fails at each of its calls, and is then there once": failsAt("error", false),
  "a later load is done and seems to fail at each of its calls, and is then there once": failsAt("error-late", false),
});
