import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { TablesOf } from "../../src/dataset/index.ts";
import { incremental, page, resource, source, transformer, type FluentResource } from "../../src/resource/index.ts";
import type { CursorValue } from "../../src/resource/index.ts";

interface Event {
  readonly id: number;
  readonly occurredAt: string;
  readonly meta: { readonly at: string };
}

const noEvents: readonly Event[] = [];

async function* readEvents(): AsyncGenerator<Event> {
  yield* noEvents;
}
async function* readSince(since: string): AsyncGenerator<Event> {
  if (since !== "") yield* noEvents;
}

describe("resource", () => {
  test("infers its name and its row from an array", () => {
    const players = resource("players", [{ id: 1, name: "Vera Menchik", peak: { rating: 2350 } }]);
    expectTypeOf(players).toEqualTypeOf<
      FluentResource<"players", { id: number; name: string; peak: { rating: number } }, "players">
    >();
  });

  test("infers the row from what a function yields: rows, lists, pages", () => {
    const rows = resource("rows", async function* () {
      yield { id: 1 };
    });
    expectTypeOf(rows).toEqualTypeOf<FluentResource<"rows", { id: number }, "rows">>();
    const lists = resource({ name: "lists" }, function* () {
      yield [{ id: 1 }, { id: 2 }];
    });
    expectTypeOf(lists).toEqualTypeOf<FluentResource<"lists", { id: number }, "lists">>();
    const pages = resource("pages", async function* () {
      yield page({ rows: [{ id: 1 }], position: { next: 2 } });
    });
    expectTypeOf(pages).toEqualTypeOf<FluentResource<"pages", { id: number }, "pages">>();
    const promised = resource("promised", async () => [{ id: 1 }]);
    expectTypeOf(promised).toEqualTypeOf<FluentResource<"promised", { id: number }, "promised">>();
    const returned = resource("returned", ({ signal }) => readSince(String(signal.aborted)));
    expectTypeOf(returned).toEqualTypeOf<FluentResource<"returned", Event, "returned">>();
  });

  test("does not take a row that has rows for a page", () => {
    const sheets = resource("sheets", [{ title: "a", rows: [1, 2] }]);
    expectTypeOf(sheets).toEqualTypeOf<FluentResource<"sheets", { title: string; rows: number[] }, "sheets">>();
  });

  test("takes the row from a schema", () => {
    const Order = z.object({ id: z.int(), placedAt: z.coerce.date() });
    const orders = resource({ name: "orders", primaryKey: "id", schema: Order }, [{ id: 1, placedAt: "2024-05-01" }]);
    expectTypeOf(orders).toEqualTypeOf<FluentResource<"orders", { id: number; placedAt: Date }, "orders">>();
    // @ts-expect-error the schema has no such field
    resource({ name: "orders", primaryKey: "number", schema: Order }, [{ id: 1, placedAt: "2024-05-01" }]);
  });

  test("map, filter and with change the type", () => {
    const events = resource("events", readEvents);
    expectTypeOf(events.map(({ id }) => ({ id }))).toEqualTypeOf<FluentResource<"events", { id: number }, "events">>();
    expectTypeOf(events.map(async ({ id }) => ({ id: String(id) }))).toEqualTypeOf<
      FluentResource<"events", { id: string }, "events">
    >();
    expectTypeOf(events.filter(({ id }) => id > 1).addLimit(1)).toEqualTypeOf<typeof events>();
    expectTypeOf(events.with({ name: "happenings" })).toEqualTypeOf<
      FluentResource<"happenings", Event, "happenings">
    >();
    expectTypeOf(events.with({ tableName: "log" })).toEqualTypeOf<FluentResource<"events", Event, "log">>();
    expectTypeOf(events.with({ writeDisposition: "merge", primaryKey: "id" })).toEqualTypeOf<typeof events>();
    // @ts-expect-error the row has no such field
    events.with({ primaryKey: "uuid" });
    // @ts-expect-error a filter must answer yes or no
    events.filter(({ id }) => ({ id }));
  });

  test("may name the table of each row", () => {
    const logs = resource({ name: "logs", tableName: ({ level }) => `log_${level}` }, [{ level: "info", at: 1 }]);
    expectTypeOf(logs).toEqualTypeOf<FluentResource<"logs", { level: string; at: number }, `log_${string}`>>();
    const known = resource("events", readEvents).with({ tableName: ({ id }) => (id > 1 ? "late" : "early") });
    expectTypeOf(known).toEqualTypeOf<FluentResource<"events", Event, "late" | "early">>();
    const doubled = transformer({ name: "doubled", from: logs }, ({ at }) => ({ n: at * 2 }));
    expectTypeOf(doubled.with({ tableName: ({ n }) => String(n) })).toEqualTypeOf<
      FluentResource<"doubled", { n: number }, string>
    >();
    // @ts-expect-error a name must be given for every row
    resource({ name: "events", tableName: ({ id }) => (id > 1 ? "late" : undefined) }, noEvents);
    // @ts-expect-error the row has no such field
    resource({ name: "events", tableName: ({ kind }) => String(kind) }, noEvents);
  });

  test("knows its keys", () => {
    resource({ name: "events", primaryKey: ["id", "occurredAt"], mergeKey: "meta__at" }, readEvents);
    // @ts-expect-error the row has no such field
    resource({ name: "events", primaryKey: "uuid" }, readEvents);
    // @ts-expect-error one of the fields is not there
    resource({ name: "events", mergeKey: ["id", "day"] }, readEvents);
    // Where the row is not known, every name may be right.
    resource({ name: "any", primaryKey: "uuid" }, async function* (): AsyncGenerator {});
  });

  test("knows the write dispositions and hints", () => {
    resource({ name: "events", writeDisposition: { disposition: "merge", strategy: "delete-insert" } }, noEvents);
    resource(
      { name: "events", writeDisposition: { disposition: "merge", strategy: "scd2", boundaryTimestamp: new Date() } },
      noEvents,
    );
    const disposition = "merge";
    // @ts-expect-error an option of another strategy
    resource({ name: "a", writeDisposition: { disposition, strategy: "upsert", deduplicated: true } }, noEvents);
    // @ts-expect-error one name of two
    resource({ name: "a", writeDisposition: { disposition, strategy: "scd2", validityColumnNames: ["a"] } }, noEvents);
    // @ts-expect-error no such disposition
    resource({ name: "events", writeDisposition: "upsert" }, noEvents);
    // @ts-expect-error a strategy of another disposition
    resource({ name: "events", writeDisposition: { disposition: "append", strategy: "delete-insert" } }, noEvents);
    // @ts-expect-error the mode is discard_value
    resource({ name: "events", schemaContract: { columns: "discard-value" } }, noEvents);
    // @ts-expect-error no such option
    resource({ name: "events", writeMode: "merge" }, noEvents);
  });

  test("knows the path and the type of its cursor", () => {
    resource(
      { name: "events", incremental: incremental("occurredAt", { initialValue: "2024-01-01" }) },
      ({ cursor }) => {
        expectTypeOf(cursor.start).toEqualTypeOf<string>();
        expectTypeOf(cursor.end).toEqualTypeOf<string | undefined>();
        return readSince(cursor.start);
      },
    );
    resource({ name: "events", incremental: incremental("meta.at") }, ({ cursor }) => {
      expectTypeOf(cursor.start).toEqualTypeOf<CursorValue | undefined>();
      return readEvents();
    });
    resource("events", ({ cursor }) => {
      expectTypeOf(cursor.start).toEqualTypeOf<undefined>();
      return readEvents();
    });
    // @ts-expect-error the row has no such field
    resource({ name: "events", incremental: incremental("updatedAt") }, readEvents);
    // @ts-expect-error an end of another type than the beginning
    incremental("id", { initialValue: 1, endValue: "2" });
    // @ts-expect-error no such order
    incremental("id", { rowOrder: "ascending" });
  });
});

describe("transformer", () => {
  const events = resource("events", readEvents);

  test("gets the parent's row, and infers its own from what it gives", () => {
    const one = transformer({ name: "one", from: events, primaryKey: "key" }, async (event, { signal }) => {
      expectTypeOf(event).toEqualTypeOf<Event>();
      return { key: event.id, aborted: signal.aborted };
    });
    expectTypeOf(one).toEqualTypeOf<FluentResource<"one", { key: number; aborted: boolean }, "one">>();
    const many = transformer({ name: "many", from: events.map(({ id }) => ({ id })) }, function* ({ id }) {
      yield { id, part: 1 };
    });
    expectTypeOf(many).toEqualTypeOf<FluentResource<"many", { id: number; part: number }, "many">>();
    const some = transformer({ name: "some", from: events }, ({ id }) => (id > 1 ? [{ id }] : undefined));
    expectTypeOf(some).toEqualTypeOf<FluentResource<"some", { id: number }, "some">>();
  });

  test("may be without a parent, and is piped", () => {
    const shout = transformer({ name: "shout" }, (row: { readonly id: number }) => ({ name: `${row.id}!` }));
    expectTypeOf(events.pipe(shout)).toEqualTypeOf<FluentResource<"shout", { name: string }, "shout">>();
    expectTypeOf(events.pipe(shout.with({ name: "cry", tableName: "cries" }))).toEqualTypeOf<
      FluentResource<"cry", { name: string }, "cries">
    >();
    // @ts-expect-error its rows have no id
    events.map(({ meta }) => meta).pipe(shout);
    expectTypeOf(events.yieldMap(({ id }) => [{ id }, { id }])).toEqualTypeOf<
      FluentResource<"events", { id: number }, "events">
    >();
    expectTypeOf(
      events.yieldMap(async function* ({ meta }) {
        yield meta;
      }),
    ).toEqualTypeOf<FluentResource<"events", { readonly at: string }, "events">>();
    // @ts-expect-error one row is no rows
    events.yieldMap(({ id }) => ({ id }));
  });

  test("knows its keys", () => {
    // @ts-expect-error the row has no such field
    transformer({ name: "one", from: events, primaryKey: "uuid" }, ({ id }) => ({ id }));
    transformer(
      { name: "one", from: events, incremental: incremental("id", { initialValue: 1 }) },
      ({ id }, { cursor }) => {
        expectTypeOf(cursor.start).toEqualTypeOf<number>();
        return { id };
      },
    );
    // @ts-expect-error the row has no such field to be its cursor
    transformer({ name: "one", from: events, incremental: incremental("uuid") }, ({ id }) => ({ id }));
  });
});

describe("source", () => {
  test("withResources knows the names", () => {
    const shop = source("shop", [resource("orders", [{ id: 1 }]), resource("customers", [{ email: "" }])]);
    expectTypeOf(shop.name).toEqualTypeOf<"shop">();
    expectTypeOf(shop.withResources("orders").resources).toEqualTypeOf<
      readonly [FluentResource<"orders", { id: number }, "orders">]
    >();
    // @ts-expect-error no such resource
    shop.withResources("products");
  });

  test("knows the names of resources that are made in a loop", () => {
    const made = (["orders", "refunds"] as const).map((name) => resource(name, [{ id: 1 }]));
    const shop = source("shop", made);
    const [first] = shop.withResources("orders").resources;
    expectTypeOf(first!.name).toEqualTypeOf<"orders" | "refunds">();
    expectTypeOf<keyof TablesOf<typeof shop>>().toEqualTypeOf<"orders" | "refunds">();
    // @ts-expect-error no such resource
    shop.withResources("products");
  });
});
