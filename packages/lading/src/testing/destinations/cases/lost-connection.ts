import { deepStrictEqual, equal, ok } from "node:assert/strict";
import { LadingError } from "../../../errors/index.ts";
import type { LineFault } from "../../wire/postgres-line.ts";
import type { CaseContext, Where } from "../case-context.ts";
import { finish, holdsRounds, shop } from "../shop.ts";
import { group, needing } from "./group.ts";

interface Cut {
  readonly struck: string | undefined;
  /** Loads more than rounds. */
  readonly extra: number;
}

/** One run over a line that is cut; then what is left is finished over one that is not. */
async function cutOnce(context: CaseContext, fault: LineFault, round: number, where: Where): Promise<Cut> {
  const line = await context.place.line(fault);
  let isDone = true;
  try {
    await context.run(shop(round), { ...where, destination: line.destination });
  } catch (error) {
    isDone = false;
    ok(LadingError.is(error), `${fault.kind} at ${line.struck}: ${String(error)}`);
    equal(error.code, "DESTINATION_UNREACHABLE", `${fault.kind} at ${line.struck}: ${error.message}`);
    ok(error.transient);
  } finally {
    await line.close();
  }
  const extra = isDone ? 0 : await finish(context, round, where);
  return { struck: line.struck, extra };
}

/** The line is cut at every statement of a run, each in a run of its own. */
const cutEverywhere = (kind: LineFault["kind"], isFirst: boolean, staysDown = false) =>
  needing(["line"], async (context) => {
    if (!isFirst) await context.run(shop(1));
    const struck: (string | undefined)[] = [];
    let extra = 0;
    for (let at = 1, round = 1; at === 1 || struck.at(-1) !== undefined; at += context.stride) {
      const where = isFirst ? { dataset: `d${at}`, home: `home${at}` } : {};
      if (!isFirst) round++;
      const cut = await cutOnce(context, { at, kind, staysDown }, round, where);
      struck.push(cut.struck);
      extra = cut.extra + (isFirst ? 0 : extra);
      await holdsRounds(context, { round, loads: round + extra, when: `${kind} at ${cut.struck ?? "nothing"}` }, where);
      ok(at < 400, "the run has no end");
    }
    ok(struck.length * context.stride > 20, `only ${struck.length} statements`);
    if (context.stride === 1) ok(struck.includes("COMMIT"), "the line was never cut at a COMMIT");
  });

/** The connection is gone in the middle of a load, at each of its statements. */
export const lostConnection = group("lost connection", {
  "the first load: no statement after a cut arrives": cutEverywhere("lost", true),
  "the first load: statements are done, and their answers do not arrive": cutEverywhere("answer-lost", true),
  "a later load: no statement after a cut arrives": cutEverywhere("lost", false),
  "a later load: statements are done, and their answers do not arrive": cutEverywhere("answer-lost", false),
  "a later load: what becomes of a statement is open": cutEverywhere("unheard", false),
  "the destination cannot be reached afterwards: statements are done, and the next run finds what became of them":
    cutEverywhere("answer-lost", false, true),
  "the destination cannot be reached afterwards: no statement arrives, and the next run goes on": cutEverywhere(
    "lost",
    false,
    true,
  ),
  "an answer to COMMIT that does not arrive is asked for, and the run is done": needing(["line"], async (context) => {
    await context.run(shop(1));
    const counting = await context.place.line();
    await context.run(shop(2), { destination: counting.destination });
    await counting.close();
    const at = counting.statements.lastIndexOf("COMMIT") + 1;
    ok(at > 0);
    const line = await context.place.line({ at, kind: "answer-lost" });
    try {
      const result = await context.run(shop(3), { destination: line.destination });
      equal(line.struck, "COMMIT");
      deepStrictEqual([result.kind, result.loads.length], ["new", 1]);
    } finally {
      await line.close();
    }
    await holdsRounds(context, { round: 3, loads: 3, when: "after a COMMIT whose answer did not arrive" }, {});
  }),
  "where the answer to COMMIT is not to be had, the run fails and the next one finds the load": needing(
    ["line"],
    async (context) => {
      await context.run(shop(1));
      const counting = await context.place.line();
      await context.run(shop(2), { destination: counting.destination });
      await counting.close();
      const at = counting.statements.lastIndexOf("COMMIT") + 1;
      const line = await context.place.line({ at, kind: "answer-lost", staysDown: true });
      const error = await context.failure(shop(3), { destination: line.destination });
      await line.close();
      equal(error.code, "DESTINATION_UNREACHABLE");
      await holdsRounds(context, { round: 3, loads: 3, when: "before the next run" }, {});
      equal((await context.run(shop(3))).kind, "unfinished");
      await holdsRounds(context, { round: 3, loads: 3, when: "after the next run" }, {});
    },
  ),
});
