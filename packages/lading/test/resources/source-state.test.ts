import { expect, test } from "vitest";
import { page, resource, source, type Source } from "../../src/index.ts";
import { contentDifference } from "../../src/testing/index.ts";
import { arena } from "../crash/arena.ts";
import { place } from "../bad-input/place.ts";

/** Counts its pages in the state of the source; one can go on in the middle, one cannot. */
function counting(fails = false): Source {
  const count = (state: Record<string, unknown>, key: string): void => {
    state[key] = Number(state[key] ?? 0) + 1;
  };
  const goesOn = resource("goes_on", async function* ({ position, sourceState }) {
    for (let step = Number(position ?? 0); step < 6; step++) {
      await Promise.resolve();
      count(sourceState, "goes_on");
      yield page({ rows: [{ step }], position: step < 5 ? step + 1 : null });
    }
  });
  const beginsAnew = resource("begins_anew", async function* ({ sourceState }) {
    for (let step = 0; step < 6; step++) {
      await Promise.resolve();
      count(sourceState, "begins_anew");
      if (fails && step === 5) throw new Error("no more");
      yield [{ step }];
    }
  });
  return source("shop", [goesOn, beginsAnew]);
}

test("what resources share is kept with the rows, and is there in the next run", async () => {
  await using p = await place();
  const seen: unknown[] = [];
  const login = resource("login", ({ sourceState }) => {
    seen.push(sourceState["token"]);
    sourceState["token"] = `t${seen.length}`;
    return [{ n: seen.length }];
  });
  const orders = resource("orders", async function* ({ sourceState }) {
    await Promise.resolve();
    yield [{ token: sourceState["token"] }];
  });
  await p.run(source("shop", [login, orders]));
  await p.run(source("shop", [login, orders]));
  expect(seen).toEqual([undefined, "t1"]);
  expect(await p.sql("SELECT token FROM d.orders")).toEqual([["t1"], ["t2"]]);
});

test("a run that fails leaves nothing in it; with fresh it begins as it was", async () => {
  await using p = await place();
  const seen: unknown[] = [];
  const rows = (fails: boolean): Source =>
    source("shop", [
      resource("rows", async function* ({ sourceState }) {
        seen.push(sourceState["runs"]);
        sourceState["runs"] = Number(sourceState["runs"] ?? 0) + 1;
        yield [{ id: 1 }];
        await Promise.resolve();
        if (fails) throw new Error("ill");
      }),
    ]);
  await p.run(rows(false));
  await p.failure(rows(true));
  await p.run(rows(false), { fresh: true });
  expect(seen).toEqual([undefined, 1, 1]);
});

test("wherever a run is stopped, what is shared ends as if it had not been", async () => {
  await using undisturbed = await arena();
  const { points } = await undisturbed.run(counting());
  const whole = await undisturbed.content();
  const steps = points.names.length;
  for (let at = 4; at <= steps; at += Math.ceil(steps / 12)) {
    await using stopped = await arena();
    await stopped.run(counting(), { fault: { at, kind: "stop" } });
    await stopped.finish(() => counting(), 1);
    expect(contentDifference(whole, await stopped.content())).toEqual({ lost: [], doubled: [], other: [] });
  }
}, 120_000);

test("one that is read anew has taken back what it put in", async () => {
  await using undisturbed = await arena();
  await undisturbed.run(counting());
  await using failed = await arena();
  expect((await failed.run(counting(true))).outcome.type).toBe("failed");
  await failed.finish(() => counting(), 1);
  expect(contentDifference(await undisturbed.content(), await failed.content())).toEqual({
    lost: [],
    doubled: [],
    other: [],
  });
});

test("with commits along the way, what a resource puts in counts when it is through", async () => {
  await using p = await place();
  const pull = (fails: boolean): Source =>
    source("shop", [
      resource("rows", async function* ({ position, sourceState }) {
        for (let step = Number(position ?? 0); step < 4; step++) {
          await Promise.resolve();
          if (fails && step === 3) throw new Error("ill");
          sourceState["pages"] = Number(sourceState["pages"] ?? 0) + 1;
          yield page({ rows: [{ step }], position: step < 3 ? step + 1 : null });
        }
      }),
    ]);
  const options = { commitEvery: { pages: 1 } };
  await p.failure(pull(true), options);
  const elsewhere = p.with({ home: "elsewhere" });
  await elsewhere.run(pull(false), options);
  let shared: unknown;
  await elsewhere.run(
    source("shop", [resource("look", ({ sourceState }) => ((shared = sourceState["pages"]), [{ id: 1 }]))]),
  );
  expect(shared).toBe(4);
});
