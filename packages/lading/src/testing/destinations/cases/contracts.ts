import { deepStrictEqual, equal } from "node:assert/strict";
import type { SchemaContract } from "../../../resource/index.ts";
import type { DestinationCase } from "../destination-suite.ts";
import { group, holds, rowsOf } from "./group.ts";

const first = [{ id: 1, n: 1, l: [{ a: 1 }] }];

/** A frozen schema: the run fails, and the destination is as before. */
const freezes =
  (contract: SchemaContract, rows: readonly unknown[]): DestinationCase["run"] =>
  async (context) => {
    await context.run(rowsOf(first));
    const before = await context.content();
    const error = await context.failure(rowsOf(rows, { schemaContract: contract }));
    equal(error.code, "CONTRACT_VIOLATED");
    deepStrictEqual(await context.content(), before);
    await context.run(rowsOf([{ id: 3, n: 3 }]), { options: { fresh: true } });
    await holds(
      context,
      ["id", "n"],
      [
        [1, 1],
        [3, 3],
      ],
    );
  };

/** What data must not change stays as it is. */
export const contracts = group("contracts", {
  "frozen columns": freezes({ columns: "freeze" }, [
    { id: 2, n: 2 },
    { id: 3, new: 1 },
  ]),
  "frozen tables": freezes({ tables: "freeze" }, [{ id: 2, n: 2, other: [1] }]),
  "frozen types": freezes({ dataType: "freeze" }, [{ id: 2, n: "x" }]),
  async "rows that do not fit are left out, with what is nested in them"(context) {
    await context.run(rowsOf(first));
    await context.run(
      rowsOf(
        [
          { id: 2, n: 2, l: [{ a: 2 }] },
          { id: 3, new: 1, l: [{ a: 3 }] },
          { id: 4, n: "x", l: [{ a: 4 }] },
        ],
        {
          schemaContract: "discard_row",
        },
      ),
    );
    await holds(
      context,
      ["id", "n"],
      [
        [1, 1],
        [2, 2],
      ],
    );
    await holds(context, ["a"], [[1], [2]], "t__l");
    deepStrictEqual(await context.columns("t"), ["id", "n"]);
  },
  async "values that do not fit are left out"(context) {
    await context.run(rowsOf(first));
    await context.run(
      rowsOf(
        [
          { id: 2, new: 1, l: [{ a: "x", b: 1 }] },
          { id: 3, n: "x" },
        ],
        { schemaContract: "discard_value" },
      ),
    );
    await holds(
      context,
      ["id", "n"],
      [
        [1, 1],
        [2, null],
        [3, null],
      ],
    );
    await holds(context, ["a"], [[1], [null]], "t__l");
    deepStrictEqual(await context.columns("t__l"), ["a"]);
  },
});
