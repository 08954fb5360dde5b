import { afterEach, beforeEach, expect, test } from "vitest";
import { page, resource, source, type Resource, type Source } from "../../src/index.ts";
import { arena, type Arena } from "./arena.ts";

let place: Arena;
beforeEach(async () => {
  place = await arena();
});
afterEach(() => place[Symbol.asyncDispose]());

/** A parent whose children fail, or not, after another resource is through. */
function family(asked: string[], fails: boolean): Source {
  let isThrough = (): void => {};
  const through = new Promise<void>((resolve) => {
    isThrough = resolve;
  });
  const others = resource({ name: "others", writeDisposition: "append" }, async function* ({ position }) {
    for (let n = Number(position ?? 0); n < 12; n++) {
      asked.push(`others/${n}`);
      await Promise.resolve();
      yield page({ rows: [{ n }], position: n < 11 ? n + 1 : null });
    }
    isThrough();
  });
  const parents = resource({ name: "parents", writeDisposition: "append" }, async function* () {
    asked.push("parents/0");
    await Promise.resolve();
    yield page({ rows: [{ id: 1 }, { id: 2 }], position: null });
  });
  const children: Resource = {
    name: "children",
    hints: { writeDisposition: "append" },
    parent: parents,
    pages: () => {
      throw new Error("children are read by their parent");
    },
    async *pagesOf(rows) {
      for (const [index, row] of rows.entries()) {
        asked.push(`children/${index}`);
        if (index === 1) await through;
        if (index === 1 && fails) throw new Error("the second child is ill");
        yield [{ parent: (row as { readonly id: number }).id }];
      }
    },
  };
  return source("shop", [parents, children, others]);
}

test("what others have read counts, though a parent is in the middle of its page for long", async () => {
  const asked: string[] = [];
  const failed = await place.run(family(asked, true));
  expect(failed.outcome).toMatchObject({ type: "failed", error: { code: "RESOURCE_FAILED" } });
  expect(asked).toContain("others/11");

  const again: string[] = [];
  // Its source waits for the others, which are through already.
  const { outcome } = await place.run(familyWithout(again));
  expect(outcome).toMatchObject({ type: "done", result: { kind: "unfinished" } });
  expect(again).toEqual(["children/0", "children/1"]);
  const { tables } = await place.content();
  expect(tables["others"]).toHaveLength(12);
  expect(tables["parents"]).toHaveLength(2);
  expect(tables["children"]).toHaveLength(2);

  function familyWithout(list: string[]): Source {
    const well = family(list, false);
    const children = well.resources.find(({ name }) => name === "children")!;
    const waitless: Resource = {
      ...children,
      async *pagesOf(rows) {
        for (const [index, row] of rows.entries()) {
          list.push(`children/${index}`);
          await Promise.resolve();
          yield [{ parent: (row as { readonly id: number }).id }];
        }
      },
    };
    return { ...well, resources: well.resources.map((one) => (one === children ? waitless : one)) };
  }
});
