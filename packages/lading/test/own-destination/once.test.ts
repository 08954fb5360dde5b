import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  destination,
  LadingError,
  pipeline,
  resource,
  source,
  type Destination,
  type Source,
} from "../../src/index.ts";
import { destinationOn } from "../../src/destination/custom/custom-destination.ts";
import { faultPoints, faultyDisk, type FaultKind } from "../../src/testing/index.ts";
import { place, settings, noSettings, type Place } from "./place.ts";
import { receiver, status, type Receiver } from "./receiver.ts";

const rows = (count: number): readonly { readonly n: number }[] => Array.from({ length: count }, (_, n) => ({ n }));

function crm(api: Receiver, batchSize = 2): Destination {
  return destination({ name: "crm", batchSize, write: (batch) => api.post(batch) });
}

/** A resource that tells how often it was read. */
function counted(count: number): { readonly source: Source; readonly reads: () => number } {
  let reads = 0;
  const t = resource("t", () => {
    reads++;
    return [rows(count)];
  });
  return { source: source("s", [t]), reads: () => reads };
}

const numbersOf = (all: readonly Readonly<Record<string, unknown>>[]): unknown[] => all.map(({ n }) => n);

describe("a receiver that refuses a batch", () => {
  test("ends the run; the next one goes on with this batch, and reads nothing", async () => {
    await using p = await place();
    await using api = await receiver();
    const data = counted(7);
    api.answer = (one, response) => void response.writeHead(one.batch === 3 ? 503 : 204).end();
    const error = await p.failure(data.source, crm(api));
    expect(error).toMatchObject({
      code: "DESTINATION_FAILED",
      message: 'The destination "crm" did not take batch 3 (2 rows of "t"): The receiver answered 503',
      details: { table: "t", batch: 3, rows: 2 },
    });
    expect(error.cause).toMatchObject({ message: "The receiver answered 503" });
    expect(error.hint).toContain("The package is kept");
    expect(api.arrived.map(({ batch }) => batch)).toEqual([1, 2, 3]);

    api.answer = undefined;
    const result = await p.run(data.source, crm(api));
    expect(result).toMatchObject({ kind: "unfinished", loads: [{ tables: { t: { rows: 7 } } }] });
    expect(api.arrived.map(({ batch }) => batch)).toEqual([1, 2, 3, 3, 4]);
    expect(api.arrived[3]).toEqual(api.arrived[2]);
    expect(data.reads()).toBe(1);
    expect((await p.run(source("s", [resource("t", [])]), crm(api))).kind).toBe("nothing");
  });

  test("has the batch already where the connection broke: it comes again, with the same number and rows", async () => {
    await using p = await place();
    await using api = await receiver();
    api.answer = (one, response) => (one.batch === 2 ? response.destroy() : status(204)(one, response, 0));
    await p.failure(resource("t", rows(6)), crm(api));
    api.answer = undefined;
    await p.run(resource("t", rows(6)), crm(api));
    expect(api.arrived.map(({ batch }) => batch)).toEqual([1, 2, 2, 3]);
    expect(numbersOf(api.once())).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("may be asked in smaller batches: what was acknowledged stays, and no number stands for other rows", async () => {
    await using p = await place();
    await using api = await receiver();
    api.answer = (one, response, count) => status(count > 1 && one.rows.length > 2 ? 413 : 204)(one, response, count);
    await p.failure(resource("t", rows(9)), crm(api, 3));
    await p.run(resource("t", rows(9)), crm(api, 2));
    expect(api.arrived.map(({ batch, rows: sent }) => [batch, ...numbersOf(sent)])).toEqual([
      [1, 0, 1, 2],
      [2, 3, 4, 5],
      [3, 3, 4],
      [4, 5, 6],
      [5, 7, 8],
    ]);
  });

  test("may never have answered the first batch when the size changes", async () => {
    await using p = await place();
    await using api = await receiver();
    api.answer = (_one, response) => void response.destroy();
    await p.failure(resource("t", rows(3)), crm(api, 1));
    api.answer = undefined;
    await p.run(resource("t", rows(3)), crm(api, 3));
    expect(api.arrived.map(({ batch, rows: sent }) => [batch, ...numbersOf(sent)])).toEqual([
      [1, 0],
      [2, 0, 1, 2],
    ]);
  });

  test("and refuses it for good is passed over with `fresh`: the package is set aside, the source read again", async () => {
    await using p = await place();
    await using api = await receiver();
    const data = counted(2);
    api.answer = (one, response) => status(one.loadId === api.arrived[0]?.loadId ? 400 : 204)(one, response, 0);
    await p.failure(data.source, crm(api));
    const result = await p.run(data.source, crm(api), { fresh: true });
    expect(result).toMatchObject({ kind: "new", warnings: [expect.stringContaining("DESTINATION_FAILED") as string] });
    expect(data.reads()).toBe(2);
    expect((await p.run(source("s", [resource("t", [])]), crm(api))).kind).toBe("nothing");
  });
});

describe("a run that is stopped while it sends", () => {
  test("ends as ABORTED, and the next one goes on", async () => {
    await using p = await place();
    await using api = await receiver();
    const stop = new AbortController();
    api.answer = (one, response) => {
      // The third batch hangs until the run is stopped.
      if (one.batch === 3) stop.abort(new Error("enough"));
      else response.writeHead(204).end();
    };
    const error = await p.failure(resource("t", rows(8)), crm(api), { signal: stop.signal });
    expect(error).toMatchObject({ code: "ABORTED", transient: true });
    api.answer = undefined;
    await p.run(resource("t", rows(8)), crm(api));
    expect(api.arrived.map(({ batch }) => batch)).toEqual([1, 2, 3, 3, 4]);
  });
});

const kinds: readonly { readonly kind: FaultKind; readonly losesUnsynced: boolean; readonly says: string }[] = [
  { kind: "stop", losesUnsynced: false, says: "the process is gone" },
  { kind: "stop-half", losesUnsynced: true, says: "the power is gone" },
  { kind: "error-late", losesUnsynced: false, says: "a step is done and said to have failed" },
];

describe("at every step of the disk and of the sending", () => {
  test.each(kinds)(
    "$says: no row is lost, and only the batch on its way comes again",
    async ({ kind, losesUnsynced }) => {
      const wrong: string[] = [];
      let repeated = 0;
      let isThrough = false;
      for (let at = 1; !isThrough; at++) {
        await using p = await place();
        await using api = await receiver();
        const struck = await disturbed(p, api, { at, kind }, losesUnsynced);
        isThrough = struck === undefined;
        const name = `${at}, ${kind} at "${struck ?? "nothing"}"`;
        for (let runs = 0; runs < 5 && (api.once().length < 10 || (await isPending(p.work))); runs++) {
          await p.run(all(), crm(api)).catch((error: unknown) => wrong.push(`${name}: ${String(error)}`));
        }
        const of = (table: string): string => numbersOf(api.once().filter((row) => row["table"] === table)).join(" ");
        if (of("t") !== "0 1 2 3 4 5 6" || of("u") !== "0 1 2") wrong.push(`${name}: t ${of("t")}, u ${of("u")}`);
        const keys = api.arrived.map(({ loadId, batch }) => `${loadId}/${batch}`);
        const again = keys.length - new Set(keys).size;
        if (again > 1) wrong.push(`${name}: ${keys.join(" ")}`);
        repeated += again;
      }
      expect(wrong).toEqual([]);
      expect(repeated).toBeGreaterThan(0);
    },
    120_000,
  );

  const all = (): Source =>
    source("s", [resource("t", rows(7)), resource({ name: "u", writeDisposition: "replace" }, rows(3))]);

  async function isPending(work: string): Promise<boolean> {
    const packages = await readdir(join(work, "packages")).catch(() => []);
    return packages.length > 0 || (await readdir(work)).includes("draft");
  }

  /** One run that is broken off. @returns where; nowhere once all points are through */
  async function disturbed(
    p: Place,
    api: Receiver,
    fault: { readonly at: number; readonly kind: FaultKind },
    losesUnsynced: boolean,
  ): Promise<string | undefined> {
    const points = faultPoints(fault);
    const faulty = faultyDisk(points, p.work);
    const own = destinationOn(faulty.disk, {
      name: "crm",
      batchSize: 2,
      write: (batch) => points.pass({ name: `write ${batch.batch}`, action: () => api.post(batch) }),
    });
    await Promise.race([
      pipeline({ name: "p", source: all(), destination: own, dataset: "d", workingFolder: p.home })
        .run({ config: noSettings, disk: faulty.disk })
        .catch((error: unknown) => {
          if (points.struck === undefined) throw error;
        }),
      points.stopped,
    ]);
    await faulty.close();
    if (losesUnsynced && points.isStopped) await faulty.loseUnsynced();
    // The lock names this process, which is thought of as gone.
    await rm(join(p.work, "lock"), { recursive: true, force: true });
    return points.struck;
  }
});

describe("what a destination of one's own is told", () => {
  test("are its settings and secrets; none of them is in an error", async () => {
    await using p = await place();
    const config = settings({ destination: { crm: { token: "s3cret-token", region: "eu" } } });
    const own = destination({
      name: "crm",
      write({ config: found }) {
        throw new Error(`refused ${found.secret("token")} in ${String(found.get("region"))}`);
      },
    });
    const error = await p.failure(resource("t", rows(1)), own, { config });
    expect(error.message).toContain("refused [secret destination.crm.token] in eu");
  });

  test("a missing setting is said with the places that were tried", async () => {
    await using p = await place();
    const own = destination({ name: "crm", write: ({ config }) => void config.secret("token") });
    const error = await p.failure(resource("t", rows(1)), own);
    expect(error.code).toBe("DESTINATION_FAILED");
    expect(LadingError.is(error.cause, "CONFIG_MISSING")).toBe(true);
    expect(error.hint).toContain("Pass the value in code");
  });
});

describe("what cannot be", () => {
  const write = (): void => {};

  test.each<readonly [string, unknown, string]>([
    ["a name that is no name", { name: "../crm", write }, '"../crm"'],
    ["no function", { name: "crm" }, "write"],
    ["an empty batch", { name: "crm", write, batchSize: 0 }, "batchSize"],
    ["half a row", { name: "crm", write, batchSize: 1.5 }, "batchSize"],
    ["an option that is not there", { name: "crm", write, batch_size: 10 }, '"batch_size"'],
  ])("%s is INVALID_ARGUMENT", (_, options, what) => {
    expect(() => destination(options as Parameters<typeof destination>[0])).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", message: expect.stringContaining(what) as string }) as Error,
    );
  });

  test("reading from it says so", async () => {
    await using p = await place();
    const made = pipeline({
      name: "p",
      source: resource("t", rows(1)),
      destination: destination({ name: "crm", write }),
      workingFolder: p.home,
    });
    await expect(made.dataset().table("t").rows()).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("a damaged memory is DESTINATION_CORRUPT, and names the file", async () => {
    await using p = await place();
    const own = destination({ name: "crm", write });
    await p.run(resource("t", rows(1)), own);
    const path = join(p.work, "destinations", "crm", "d", "committed.json");
    await writeFile(path, '{"format": 1, "sta');
    expect(await p.failure(resource("t", rows(1)), own)).toMatchObject({
      code: "DESTINATION_CORRUPT",
      details: { path },
    });
  });
});
