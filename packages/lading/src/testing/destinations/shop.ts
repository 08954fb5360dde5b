import { deepStrictEqual } from "node:assert/strict";
import { incremental, resource, source, type Source } from "../../resource/index.ts";
import type { CaseContext, Where } from "./case-context.ts";

/**
 * What is to be loaded in the round with this number, from 1: an order more each time, by a cursor; the customers, merged,
 * who all have the number of the round; and a list that is replaced.
 */
export function shop(round: number): Source {
  const numbers = Array.from({ length: round }, (_, at) => at + 1);
  return source("shop", [
    resource({ name: "orders", incremental: incremental("id", { initialValue: 0 }), primaryKey: "id" }, () => [
      numbers.map((id) => ({ id, lines: [{ n: id, tags: [`t${id}`] }] })),
    ]),
    resource({ name: "customers", primaryKey: "id", writeDisposition: "merge" }, () => [
      [1, 2].map((id) => ({ id, round, addresses: [{ round }] })),
    ]),
    resource({ name: "prices", writeDisposition: { disposition: "replace", strategy: "insert-from-staging" } }, () => [
      [{ round, list: [round] }],
    ]),
  ]);
}

/**
 * Runs until nothing waits any more and the round is loaded. Bounded.
 *
 * @returns how many loads there are more than rounds: one where all was there already, and nobody knew
 */
export async function finish(context: CaseContext, round: number, where: Where): Promise<number> {
  const before = await loaded(context, where);
  for (let runs = 0; runs < 3; runs++) {
    const { kind } = await context.run(shop(round), where);
    if (before === round) return kind === "new" ? 1 : 0;
    if ((await loaded(context, where)) === round) return 0;
  }
  throw new Error(`Round ${round} is not loaded after three runs.`);
}

/** The round that was loaded last; 0 where there is none. */
async function loaded(context: CaseContext, where: Where): Promise<number> {
  const { tables } = await context.content(where);
  return Math.max(0, ...(tables["prices"] ?? []).map((row) => Number(/"round":"(\d+)"/.exec(row)?.[1])));
}

/**
 * Each row of the rounds up to this one is there, and none is there twice.
 *
 * @param loads how many there must be
 */
export async function holdsRounds(
  context: CaseContext,
  { round, loads, when }: { readonly round: number; readonly loads: number; readonly when: string },
  where: Where,
): Promise<void> {
  const content = await context.content(where);
  const numbers = (table: string): number[] =>
    (content.tables[table] ?? [])
      .map((row) => Number(/"(?:id|n|round|value)":"t?(\d+)"[^>]*$/.exec(row)?.[1]))
      .toSorted((a, b) => a - b);
  const all = Array.from({ length: round }, (_, at) => at + 1);
  deepStrictEqual(
    {
      orders: numbers("orders"),
      lines: numbers("orders__lines"),
      tags: numbers("orders__lines__tags"),
      customers: content.tables["customers"],
      addresses: numbers("customers__addresses"),
      prices: numbers("prices"),
      list: numbers("prices__list"),
      faults: content.faults,
      loads: content.loads,
    },
    {
      orders: all,
      lines: all,
      tags: all,
      customers: [1, 2].map((id) => JSON.stringify({ id: `${id}`, round: `${round}` })),
      addresses: [round, round],
      prices: [round],
      list: [round],
      faults: [],
      loads,
    },
    when,
  );
}
