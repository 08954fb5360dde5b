import { expect, test } from "vitest";
import { takeTurn } from "./take-turns.ts";

test("one after the other gets its turn, in the order in which they asked, by file", async () => {
  const seen: string[] = [];
  const first = takeTurn("a");
  await first.come;
  const waiting = [2, 3].map(async (number) => {
    const turn = takeTurn("a");
    await turn.come;
    seen.push(`a${number}`);
    turn.leave();
    turn.leave();
  });
  const other = takeTurn("b");
  await other.come;
  other.leave();
  expect(seen).toEqual([]);
  first.leave();
  await Promise.all(waiting);
  expect(seen).toEqual(["a2", "a3"]);
});

test("who gives its place up before its turn comes keeps nobody waiting", async () => {
  const first = takeTurn("a");
  const second = takeTurn("a");
  const third = takeTurn("a");
  second.leave();
  first.leave();
  await expect(third.come).resolves.toBeUndefined();
  third.leave();
});
