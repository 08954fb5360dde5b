import { expect, test } from "vitest";
import { toPlain } from "../util/json.ts";
import { SourceState } from "./source-state.ts";

const before = new Map([["token", "old"]]);
const plain = (state: SourceState): unknown => toPlain(state.all());

test("each resource sees what another one puts in, and what was there", () => {
  const shared = new SourceState(before);
  const [one, other] = [shared.view(), shared.view()];
  one.state["token"] = "new";
  one.state["seen"] = [1n, new Date(0)];
  expect(other.state["token"]).toBe("new");
  delete other.state["token"];
  expect(plain(shared)).toEqual({ seen: [1, new Date(0)] });
});

test("one that goes on has what it had put in, one that begins anew has taken its own back", () => {
  const shared = new SourceState(before);
  const [stays, goes] = [shared.view(), shared.view()];
  stays.state["a"] = 1;
  goes.state["b"] = 2;
  goes.state["token"] = "of the one that goes";
  const kept = stays.keep();
  const again = new SourceState(before);
  again.view(kept);
  again.view();
  expect(plain(again)).toEqual({ token: "old", a: 1 });
});

test("what was written last counts, in whatever order resources go on", () => {
  const shared = new SourceState(before);
  const [one, other] = [shared.view(), shared.view()];
  one.state["n"] = 1;
  const kept = one.keep();
  other.state["n"] = 2;
  delete other.state["token"];
  const [first, second] = [one.keep(), other.keep()];
  // What another has written since is not its own.
  expect(first).toBe(kept);
  for (const order of [
    [first, second],
    [second, first],
  ]) {
    const again = new SourceState(before);
    for (const text of order) again.view(text);
    expect(plain(again)).toEqual({ n: 2 });
  }
});

test("where only some are through, what the others put in is not remembered yet", () => {
  const shared = new SourceState(before);
  const [through, reads] = [shared.view(), shared.view()];
  through.state["a"] = 2n ** 60n;
  reads.state["b"] = 1;
  delete reads.state["token"];
  expect(shared.of([through])).toEqual(
    new Map<string, unknown>([
      ["token", "old"],
      ["a", 2n ** 60n],
    ]),
  );
});

test("the place of the resources' own states is not for others", () => {
  const { state } = new SourceState(before).view();
  expect(() => (state["resources"] = 1)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }) as Error);
});
