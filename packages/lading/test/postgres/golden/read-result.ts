import { readFileSync } from "node:fs";
import type { Observed, ObservedTable } from "../../../src/testing/golden/observe.ts";
import type { Exact, ExactObject } from "../../../src/util/exact.ts";
import { parseExact } from "../../../src/util/json.ts";

/** The result of a golden case from its file, in the form in which a case that was run gives it. */
export function readResult(path: string): readonly Observed[] {
  const document = parseExact(readFileSync(path, "utf8")) as ExactObject;
  return (document.get("steps") as ExactObject[]).map((step) => {
    const records = (key: string) => (step.get(key) as ExactObject[] | undefined)?.map(record);
    const [loads, versions, states] = [
      step.get("loads") as Exact[][] | undefined,
      records("versions"),
      records("states"),
    ];
    return {
      error: step.get("error") as Observed["error"],
      tables: Object.fromEntries(
        [...(step.get("tables") as ExactObject)].map(([name, table]) => [
          name,
          record(table as ExactObject) as unknown as ObservedTable,
        ]),
      ),
      ...(loads && { loads }),
      ...(versions && { versions }),
      ...(states && { states }),
    };
  });
}

function record(map: ExactObject): Readonly<Record<string, Exact>> {
  return Object.fromEntries(map);
}
