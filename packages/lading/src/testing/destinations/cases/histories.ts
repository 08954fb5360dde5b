import { deepStrictEqual, equal, ok } from "node:assert/strict";
import type { ResourceHints } from "../../../resource/index.ts";
import { group, holds, isWhole, needing, rowsOf } from "./group.ts";

const history = (options: object = {}): ResourceHints => ({
  writeDisposition: { disposition: "merge", strategy: "scd2", ...options },
});

/** Rows that changed or went are retired, and stay to be seen. */
export const histories = group("history", {
  "a row that changed is retired when its successor begins": needing(["merge: scd2"], async (context) => {
    await context.run(
      rowsOf(
        [
          { id: 1, v: "a", l: [1, 2] },
          { id: 2, v: "b", l: [3] },
        ],
        history(),
      ),
    );
    await context.run(
      rowsOf(
        [
          { id: 1, v: "A", l: [1] },
          { id: 2, v: "b", l: [3] },
        ],
        history(),
      ),
    );
    const rows = await context.rows("t", ["id", "v", "_dlt_valid_from", "_dlt_valid_to"]);
    deepStrictEqual(
      rows.map(([id, v, , to]) => [id, v, to === null]),
      [
        [1, "A", true],
        [1, "a", false],
        [2, "b", true],
      ],
    );
    equal(rows[0]![2], rows[1]![3]);
    ok(String(rows[1]![2]) < String(rows[0]![2]));
    await holds(context, ["value"], [[1], [1], [2], [3]], "t__l");
    await isWhole(context);
  }),
  "a row that goes is retired, and one that comes back has a successor": needing(["merge: scd2"], async (context) => {
    const row = { id: 1, v: "a" };
    await context.run(rowsOf([row, { id: 2, v: "b" }], history()));
    await context.run(rowsOf([{ id: 2, v: "b" }], history()));
    await context.run(rowsOf([row, { id: 2, v: "b" }], history()));
    const rows = await context.rows("t", ["id", "_dlt_valid_to"]);
    deepStrictEqual(rows.map(([id, to]) => `${String(id)} ${to === null}`).toSorted(), ["1 false", "1 true", "2 true"]);
  }),
  "with a merge key rows of other keys stay": needing(["merge: scd2"], async (context) => {
    const hints: ResourceHints = { ...history(), mergeKey: "day" };
    await context.run(
      rowsOf(
        [
          { day: 1, v: 1 },
          { day: 2, v: 1 },
        ],
        hints,
      ),
    );
    await context.run(rowsOf([{ day: 1, v: 2 }], hints));
    const rows = await context.rows("t", ["day", "v", "_dlt_valid_to"]);
    deepStrictEqual(
      rows.map(([day, v, to]) => [day, v, to === null]),
      [
        [1, 1, false],
        [1, 2, true],
        [2, 1, true],
      ],
    );
  }),
  "boundaries and the end of what is valid may be given, to the microsecond": needing(
    ["merge: scd2"],
    async (context) => {
      const options = {
        validityColumnNames: ["since", "until"],
        activeRecordTimestamp: "9999-12-31T00:00:00Z",
        boundaryTimestamp: "2024-02-01T00:00:00.123456Z",
      };
      await context.run(rowsOf([{ id: 1, v: 1 }], history({ ...options, boundaryTimestamp: "2024-01-01T00:00:00Z" })));
      await context.run(rowsOf([{ id: 1, v: 2 }], history(options)));
      await holds(
        context,
        ["v", "since", "until"],
        [
          [1, "2024-01-01T00:00:00.000Z", "2024-02-01T00:00:00.123Z"],
          [2, "2024-02-01T00:00:00.123Z", "9999-12-31T00:00:00.000Z"],
        ],
      );
      const [same] = await context.query(
        ({ qualify }) =>
          `SELECT count(*) AS n FROM ${qualify("t")} AS a JOIN ${qualify("t")} AS b ON a.until = b.since WHERE a.until > CAST('2024-02-01 00:00:00.123455+00' AS TIMESTAMP WITH TIME ZONE)`,
      );
      deepStrictEqual(same, [1]);
    },
  ),
  "a table that was appended to becomes a history": needing(["merge: scd2"], async (context) => {
    await context.run(rowsOf([{ id: 1, v: "a" }]));
    await context.run(rowsOf([{ id: 1, v: "b" }], history()));
    const rows = await context.rows("t", ["v", "_dlt_valid_to"]);
    deepStrictEqual(
      rows
        .filter(([, to]) => to === null)
        .map(([v]) => v)
        .includes("b"),
      true,
    );
  }),
});
