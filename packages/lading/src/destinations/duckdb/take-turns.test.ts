import { expect, test } from "vitest";
import { takeTurn } from "./take-turns.ts";

test("one after the other gets its turn, in the order in which they asked, by file", async () => {
  const seen: string[] = [];
  const first = await takeTurn("a");
  const waiting = [2, 3].map(async (number) => {
    const leave = await takeTurn("a");
    seen.push(`a${number}`);
    leave();
    leave();
  });
  const other = await takeTurn("b");
  other();
  expect(seen).toEqual([]);
  first();
  await Promise.all(waiting);
  expect(seen).toEqual(["a2", "a3"]);
});
