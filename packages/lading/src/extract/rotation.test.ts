import { expect, test } from "vitest";
import { Rotation } from "./rotation.ts";

async function* counted(name: string, count: number): AsyncGenerator<string, void, undefined> {
  for (let n = 0; n < count; n++) yield await Promise.resolve(`${name}${n}`);
}

async function* never(): AsyncGenerator<string, void, undefined> {
  yield await new Promise<string>(() => {});
}

test("streams take turns, and one that is slow holds up nobody", async () => {
  const rotation = new Rotation<string, string>();
  rotation.add("a", counted("a", 3));
  rotation.add("slow", never());
  rotation.add("b", counted("b", 2));
  const items: (string | undefined)[] = [];
  for (let i = 0; i < 7; i++) {
    const turn = await rotation.next();
    if (turn !== "late") items.push(turn?.item);
  }
  expect(items.filter((item) => item !== undefined).toSorted()).toEqual(["a0", "a1", "a2", "b0", "b1"]);
});

test("it says so where nothing comes in time, and loses nothing by it", async () => {
  const rotation = new Rotation<string, string>();
  let give = (_item: string): void => {};
  const given = new Promise<string>((resolve) => {
    give = resolve;
  });
  rotation.add(
    "a",
    (async function* () {
      yield await given;
    })(),
  );
  expect(await rotation.next(5)).toBe("late");
  give("x");
  expect(await rotation.next(10_000)).toEqual({ key: "a", item: "x" });
});
