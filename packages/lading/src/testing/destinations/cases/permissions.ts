import { deepStrictEqual, equal } from "node:assert/strict";
import { resource } from "../../../resource/index.ts";
import { group, holds, needing, rowsOf } from "./group.ts";

/** Users who may not do everything. */
export const permissions = group("permissions", {
  "who may only look can read": needing(["read-only account"], async (context) => {
    await context.run(rowsOf([{ id: 1, l: [1] }]));
    const where = { destination: context.place.readOnly };
    deepStrictEqual(await context.rows("t", ["id"], where), [[1]]);
    deepStrictEqual(await context.tables(where), ["t", "t__l"]);
  }),
  "who may not write loads nothing; what was read is kept for who may": needing(
    ["read-only account"],
    async (context) => {
      await context.run(rowsOf([{ id: 1 }]));
      const was = await context.content();
      let reads = 0;
      const again = resource("t", () => {
        reads++;
        return [[{ id: 2, new: 1 }]];
      });
      const error = await context.failure(again, { destination: context.place.readOnly });
      equal(error.code, "DESTINATION_READ_ONLY");
      deepStrictEqual(await context.content(), was);
      equal((await context.run(again)).kind, "unfinished");
      equal(reads, 1);
      await holds(
        context,
        ["id", "new"],
        [
          [1, null],
          [2, 1],
        ],
      );
    },
  ),
  "who may not make a dataset is told so": needing(["read-only account"], async (context) => {
    const error = await context.failure(rowsOf([{ id: 1 }]), {
      destination: context.place.readOnly,
      dataset: "never_made",
    });
    equal(error.code, "DESTINATION_READ_ONLY");
    await context.run(rowsOf([{ id: 1 }]), { dataset: "never_made" });
    deepStrictEqual(await context.rows("t", ["id"], { dataset: "never_made" }), [[1]]);
  }),
});
