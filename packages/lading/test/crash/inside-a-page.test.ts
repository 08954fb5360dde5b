import { createServer, type Server } from "node:http";
import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunEvent, Source } from "../../src/index.ts";
import { emptyJournal, foldJournal, readJournal, type JournalState } from "../../src/load-package/journal.ts";
import { restApi } from "../../src/sources/rest-api/index.ts";
import { contentDifference, type DatasetContent } from "../../src/testing/index.ts";
import { arena, type Arena } from "./arena.ts";

/** Another day, other points. */
const seed = Math.floor(Date.now() / 86_400_000);
const secret = "s3cret-of-the-shop";

let server: Server;
let baseUrl: string;
let asked: string[];
/** A request that is never answered, and what is called when it comes. */
let hangs: { readonly path: string; readonly onAsked: () => void } | undefined;
let expected: DatasetContent;
/** Requests of an undisturbed load, and its fault points. */
let total: number;
let names: readonly string[];

/** Two pages of three parents; for each two pages of two children; for each of these one of notes. */
function answer(url: URL): string {
  const { pathname } = url;
  const page = Number(url.searchParams.get("page") ?? 1);
  const next = new URL(url);
  next.searchParams.set("page", "2");
  const list = (rows: readonly string[]): string =>
    `{"data":[${rows.join(",")}],"next":${page === 1 ? JSON.stringify(next.href) : "null"}}`;
  const [, first = "", id = "", rest] = pathname.split("/");
  if (first === "parents" && rest === undefined) {
    return list(
      [1, 2, 3].map((n) => `{"id":${page * 10 + n},"big":${2n ** 53n + BigInt(n)},"price":${n}.0,"10":1,"2":null}`),
    );
  }
  if (first === "parents")
    return list([1, 2].map((n) => `{"id":"${id}-${page}-${n}","weight":${n}.0,"tags":["t${n}"]}`));
  return `{"data":[{"text":"of ${id}"}],"next":null}`;
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "", `http://${request.headers.host}`);
    const shown = `${url.pathname}${url.searchParams.has("page") ? `?page=${url.searchParams.get("page")}` : ""}`;
    asked.push(shown);
    if (shown === hangs?.path) hangs.onAsked();
    else response.writeHead(200, { "content-type": "application/json" }).end(answer(url));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  asked = [];
  await using place = await arena();
  const { outcome, points } = await place.run(family());
  if (outcome.type === "failed") throw outcome.error;
  expected = await place.content();
  total = asked.length;
  ({ names } = points);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  hangs = undefined;
});

function family(): Source {
  return restApi({
    name: "shop",
    client: { baseUrl, paginator: "json_link", auth: { token: secret } },
    resourceDefaults: { writeDisposition: "append", endpoint: { dataSelector: "data", params: { api_key: secret } } },
    resources: [
      "parents",
      {
        name: "children",
        endpoint: "parents/{resources.parents.id}/children",
        includeFromParent: ["big", "price"],
      },
      { name: "notes", endpoint: "notes/{resources.children.id}", includeFromParent: ["weight", "_parents_price"] },
    ],
  });
}

async function journalOf(place: Arena): Promise<JournalState> {
  const text = await readFile(join(place.work, "draft", "journal.jsonl"), "utf8").catch(() => "");
  return readJournal(text).entries.reduce(foldJournal, emptyJournal);
}

const pagesIn = ({ resources }: JournalState): number =>
  [...resources.values()].reduce((sum, { pages }) => sum + pages, 0);

const same = { lost: [], doubled: [], other: [] };

describe("a run that is stopped in the middle of a parent's page", () => {
  test("asks for nothing again that was in a checkpoint, wherever it was", async () => {
    const end = names.findIndex((name) => name.startsWith("write draft/schema.json"));
    expect(names.filter((name) => /draft\/pages/.test(name)).map((name) => name.split(" ")[0])).toContain("remove");
    const stride = process.env["WALK"] === "full" ? 1 : 17;
    const wrong: string[] = [];
    let inside = 0;
    for (let at = 1 + (seed % stride); at <= end; at += stride) {
      await using place = await arena();
      await place.run(family(), { fault: { at, kind: "stop" }, losesUnsynced: at % 2 === 0 });
      const journal = await journalOf(place);
      if (journal.resources.get("parents")?.inside !== undefined) inside++;
      const before = asked.length;
      asked = [];
      await place.finish(family, 1);
      const difference = contentDifference(expected, await place.content());
      // Each page is one request.
      if (asked.length !== total - pagesIn(journal)) wrong.push(`${at}: ${before} + ${asked.length} requests`);
      if (JSON.stringify(difference) !== JSON.stringify(same)) wrong.push(`${at}: ${JSON.stringify(difference)}`);
    }
    expect(wrong).toEqual([]);
    expect(inside).toBeGreaterThan(3);
  }, 600_000);

  test.each([
    ["a child", "/parents/12/children?page=2", 1 + 6 + 3],
    ["a grandchild", "/notes/12-1-2", 1 + 6 + 2],
    ["the first child of all", "/parents/11/children", 1],
    ["the second parents' page", "/parents?page=2", 1 + 18],
  ])(
    "by its user, while %s is waited for for long, asks for nothing again that had come",
    async (_what, path, came) => {
      await using place = await arena();
      const stop = new AbortController();
      const events: RunEvent[] = [];
      let isAsked = false;
      let clock = Date.UTC(2030, 0, 1);
      const stopInTime = (): void => {
        const pages = events.filter(({ type }) => type === "page").length;
        if (isAsked && pages === came && events.at(-1)?.type === "checkpoint") stop.abort();
      };
      const onAsked = (): void => {
        isAsked = true;
        stopInTime();
      };
      const onEvent = (event: RunEvent): void => {
        events.push(event);
        stopInTime();
      };
      hangs = { path, onAsked };
      // Every page takes more than half a second.
      const now = (): number => (clock += 600);
      const { outcome } = await place.run(family(), { options: { signal: stop.signal, onEvent, now } });
      expect(outcome).toMatchObject({ type: "failed", error: { code: "ABORTED" } });

      asked = [];
      hangs = undefined;
      expect(await place.finish(family, 1)).toBe(1);
      expect(contentDifference(expected, await place.content())).toEqual(same);
      expect(asked).toHaveLength(total - came);
      expect(asked).toContain(path);
      expect(asked).not.toContain("/parents");
    },
  );
});

describe("a page that is kept", () => {
  /** Stops when a page is on the disk and the journal names it. */
  async function stopInside(place: Arena): Promise<string> {
    const at = names.findIndex((name) => /rename draft\/pages/.test(name));
    const next = names.findIndex((name, index) => index > at && name.startsWith("write draft/journal"));
    await place.run(family(), { fault: { at: next + 3, kind: "stop" } });
    const { inside } = (await journalOf(place)).resources.get("parents")!;
    return join(place.work, "draft", "pages", `${inside![0]!.page}.json`);
  }

  test.each([
    ["missing", (path: string) => rm(path)],
    ["cut off", (path: string) => truncate(path, 20)],
    ["changed", async (path: string) => writeFile(path, (await readFile(path, "utf8")).replace("11", "12"))],
  ])("and is %s then makes the draft damaged: it is dropped, with a warning", async (_what, damage) => {
    await using place = await arena();
    await damage(await stopInside(place));
    const { outcome } = await place.run(family());
    expect(outcome).toMatchObject({ type: "done", result: { kind: "new" } });
    expect(outcome.type === "done" && outcome.result.warnings.join()).toMatch(/damaged: pages\//);
    expect(contentDifference(expected, await place.content())).toEqual(same);
  });

  test("holds no secret, nor does its place; and none is left when the package is sealed", async () => {
    await using place = await arena();
    await stopInside(place);
    for (const file of await readdir(join(place.work, "draft"), { recursive: true, withFileTypes: true })) {
      if (file.isFile()) expect(await readFile(join(file.parentPath, file.name), "utf8")).not.toContain(secret);
    }
    await place.finish(family, 1);
    expect(await readdir(join(place.work, "loaded"), { recursive: true })).not.toContainEqual(
      expect.stringMatching(/pages/),
    );
  });
});
