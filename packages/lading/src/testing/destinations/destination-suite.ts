import { LadingError } from "../../errors/index.ts";
import { cases } from "./cases/index.ts";
import { openCase, type CaseContext } from "./case-context.ts";
import type { DestinationSubject, Need } from "./subject.ts";

/** A case of the suite. */
export interface DestinationCase {
  /** A sentence of what holds, behind the name of its group and a colon. */
  readonly name: string;
  readonly needs?: readonly Need[];
  /** Throws where it does not hold. */
  run(context: CaseContext): Promise<void>;
}

/** A case for one destination, to be registered with any runner of tests. */
export interface BoundCase {
  readonly name: string;
  /** Why it is left out; `undefined`: it is run. */
  readonly skip: string | undefined;
  /** Opens a place of its own and cleans up. Throws where the case does not hold. */
  run(): Promise<void>;
}

/** How much of the suite is run. */
export interface SuiteOptions {
  /**
   * Of the cases in which each call and each statement of a load fails once: `some` takes every seventeenth, for those who want
   * an answer within a minute; loads drawn by chance are fewer. Default: `every`.
   */
  readonly walk?: "every" | "some";
}

/**
 * What every destination must do, as cases for one of them. They run whole pipelines and compare what is then in the
 * destination with what must be there; some take half a minute. To be run one after the other.
 *
 * ```ts
 * import { test } from "node:test";
 * import { destinationSuite } from "lading/testing";
 *
 * for (const { name, skip, run } of destinationSuite({ name: "mine", open })) test(name, { skip: skip ?? false }, run);
 * ```
 */
export function destinationSuite(
  subject: DestinationSubject,
  { walk = "every" }: SuiteOptions = {},
): readonly BoundCase[] {
  const names = new Set<string>();
  for (const { name } of cases) {
    if (names.has(name)) throw new LadingError("INVALID_ARGUMENT", `The suite has two cases "${name}".`);
    names.add(name);
  }
  return cases.map((one) => bind(one, subject, walk === "every" ? 1 : 17));
}

function bind({ name, needs = [], run }: DestinationCase, subject: DestinationSubject, stride: number): BoundCase {
  const need = needs.find((one) => subject.missing?.[one] !== undefined);
  return {
    name,
    skip: need === undefined ? undefined : `no ${need}: ${subject.missing![need]}`,
    async run() {
      const context = await openCase(subject, needs, stride);
      try {
        await run(context);
      } finally {
        await context.close();
      }
    },
  };
}
