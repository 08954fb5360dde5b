import {
  incremental,
  page,
  resource,
  source,
  type Json,
  type Page,
  type Resource,
  type Source,
} from "../../src/index.ts";

/** What a test learns of a shop, and how it answers. */
export interface Asked {
  /** Pages that were asked for, as `resource/page`. */
  readonly pages: string[];
  /** What passes before a page is there. Default: a turn of the event loop's smallest kind. */
  readonly pause?: () => Promise<unknown>;
}

const at = (position: Json | undefined): number => (typeof position === "number" ? position : 0);
const day = (n: number): string => `2026-03-${String(n).padStart(2, "0")}T00:00:00Z`;

/** As from a server: what comes next is not there at once. */
async function ask(asked: Asked | undefined, what: string): Promise<void> {
  asked?.pages.push(what);
  await (asked?.pause?.() ?? Promise.resolve());
}

/** Numbered pages, each of which knows the next one. */
async function* numbered(
  name: string,
  count: number,
  rows: (n: number) => readonly unknown[],
  position: Json | undefined,
  asked: Asked | undefined,
): AsyncGenerator<Page, void, undefined> {
  for (let n = at(position); n < count; n++) {
    await ask(asked, `${name}/${n}`);
    yield page({ rows: rows(n), position: n + 1 < count ? n + 1 : null, bytes: 100 });
  }
}

/**
 * A source with everything that a load can be made of: generators that cannot resume and pages that can, all three
 * dispositions, nested tables, new columns and a new type on the way, a cursor, a state, a parent with children.
 *
 * @param load the first, or the second, in which much has changed
 */
export function shop(load: 1 | 2, asked?: Asked): Source {
  const second = load === 2;

  const events = resource({ name: "events", writeDisposition: "append" }, async function* ({ state }) {
    state["count"] = Number(state["count"] ?? 0) + 1;
    for (let n = 0; n < 3; n++) {
      await ask(asked, `events/${n}`);
      yield [0, 1].map((i) => ({
        id: `${load}-${n}-${i}`,
        tags: [`t${n}`, "x"],
        ...(n > 0 ? { [`added_${load}`]: n } : {}),
        ...(n > 1 ? { mixed: second ? "text" : 7 } : {}),
      }));
      state["pages"] = Number(state["pages"] ?? 0) + 1;
    }
  });

  const items = resource({ name: "items", writeDisposition: "append" }, ({ position }) =>
    numbered(
      "items",
      4,
      (n) =>
        [0, 1, 2].map((i) => ({
          id: load * 100 + n * 10 + i,
          price: n + 0.5,
          lines: [{ sku: `a${i}`, parts: [{ p: n }] }],
        })),
      position,
      asked,
    ),
  );

  const rates = resource({ name: "rates", writeDisposition: "replace" }, ({ position }) =>
    numbered(
      "rates",
      2,
      (n) => [{ pair: `P${n}`, rate: load + n / 4, days: second ? [n] : [n, n + 1] }],
      position,
      asked,
    ),
  );

  const people = resource({ name: "people", writeDisposition: "merge", primaryKey: "id" }, ({ position }) =>
    numbered(
      "people",
      3,
      (n) =>
        [0, 1].map((i) => ({
          id: (second ? n + 1 : n) * 10 + i,
          name: `person of load ${load}`,
          roles: second && i === 0 ? [] : [{ role: "r", since: day(n + 1) }],
          ...(second && n === 1 ? { nick: { of: "n" } } : {}),
        })),
      position,
      asked,
    ),
  );

  const changes = resource(
    { name: "changes", writeDisposition: "append", incremental: incremental("at") },
    ({ position }) =>
      numbered(
        "changes",
        3,
        (n) => [
          { id: `c${load}${n}`, at: day(load * 5 + n) },
          { id: `d${load}${n}`, at: day(load * 5 + n) },
        ],
        position,
        asked,
      ),
  );

  const accounts = resource({ name: "accounts", writeDisposition: "merge", primaryKey: "id" }, ({ position }) =>
    numbered("accounts", 2, (n) => [0, 1, 2].map((i) => ({ id: n * 3 + i, kind: `k${load}` })), position, asked),
  );

  const moved = moves(load, accounts, asked);

  return source("shop", [
    events,
    items,
    rates,
    people,
    changes,
    accounts,
    moved,
    legs(load, moved, asked),
    notes(load, accounts, asked),
  ]);
}

/** Children that say where they are in their parent's page: two pages for each of its rows. */
function moves(load: number, parent: Resource, asked: Asked | undefined): Resource<"moves"> {
  return {
    name: "moves",
    hints: { writeDisposition: "append" },
    parent,
    pages: () => {
      throw new Error("moves are read by their parent");
    },
    async *pagesOf(rows, { position, state }) {
      for (let step = at(position); step < rows.length * 2; step++) {
        const account = (rows[Math.floor(step / 2)] as { readonly id: number }).id;
        await ask(asked, `moves/${account}/${step % 2}`);
        state["seen"] = Number(state["seen"] ?? 0) + 1;
        const next = step + 1 < rows.length * 2 ? step + 1 : null;
        yield page({ rows: [{ account, n: step % 2, load, parts: [{ part: step }] }], position: next });
      }
    },
  };
}

/** Children of those children: one page for each move, of an account's first moves. */
function legs(load: number, parent: Resource, asked: Asked | undefined): Resource<"legs"> {
  return {
    name: "legs",
    hints: { writeDisposition: "append" },
    parent,
    pages: () => {
      throw new Error("legs are read by their parent");
    },
    async *pagesOf(rows, { position, state }) {
      for (let leg = at(position); leg < 2; leg++) {
        const { account, n } = rows[0] as { readonly account: number; readonly n: number };
        if (n > 0) return;
        asked?.pages.push(`legs/${account}/${leg}`);
        await Promise.resolve();
        state["seen"] = Number(state["seen"] ?? 0) + 1;
        yield page({ rows: [{ account, leg, load }], position: leg === 0 ? 1 : null });
      }
    },
  };
}

/** Children that do not. */
function notes(load: number, parent: Resource, asked: Asked | undefined): Resource<"notes"> {
  return {
    name: "notes",
    hints: { writeDisposition: "append" },
    parent,
    pages: () => {
      throw new Error("notes are read by their parent");
    },
    async *pagesOf(rows) {
      for (const row of rows) {
        const { id } = row as { readonly id: number };
        await ask(asked, `notes/${id}`);
        yield [{ account: id, text: `note of load ${load}` }];
      }
    },
  };
}
