import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createConfig } from "../../src/config/create-config.ts";
import { postgres } from "../../src/destinations/postgres/index.ts";
import { pipeline, type Pipeline, type PipelineSource } from "../../src/pipeline/index.ts";
import { postgresLine, type LineFault, type PostgresLine } from "../../src/testing/index.ts";
import { rowsOf } from "../bad-input/rows-of.ts";
import { failureOf } from "../bad-input/place.ts";
import { postgresDatabase, type PostgresDatabase } from "./server.ts";

const folder = mkdtempSync(join(tmpdir(), "lading-postgres-edge-"));
const config = createConfig({ providers: [], pipelineName: "p" });
let server: PostgresDatabase;
beforeAll(async () => {
  server = await postgresDatabase();
}, 120_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a pipeline into a dataset of its own, over a line or directly. */
function into(dataset: string, source: PipelineSource, line?: PostgresLine): Pipeline {
  const url = new URL(server.url);
  if (line !== undefined) Object.assign(url, { hostname: line.host, port: String(line.port) });
  const workingFolder = join(folder, dataset);
  const made = pipeline({ name: "p", source, destination: postgres(url.href), dataset, workingFolder });
  return { ...made, run: (options) => made.run({ config, ...options }) };
}

async function sql(statement: string): Promise<unknown[][]> {
  const client = new Client(server.url);
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: statement, rowMode: "array" })).rows;
  } finally {
    await client.end();
  }
}

function address(): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(server.url);
  return { host: hostname, port: Number(port || 5432) };
}

/** A load that is cut at its COMMIT. */
async function cutAtCommit(dataset: string, kind: LineFault["kind"]): Promise<PostgresLine> {
  const counting = await postgresLine(address());
  await into(dataset, rowsOf([{ id: 1 }]), counting).run();
  await counting.close();
  await into(dataset, rowsOf([{ id: 2 }])).run();
  const again = await postgresLine(address());
  await into(dataset, rowsOf([{ id: 3 }]), again).run();
  await again.close();
  return postgresLine(address(), { at: again.statements.lastIndexOf("COMMIT") + 1, kind });
}

/** Lets a commit of the dataset take a while, and then do something. */
function atCommit(dataset: string, does: string): Promise<unknown> {
  return sql(`
    CREATE FUNCTION ${dataset}.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.7); ${does} RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON ${dataset}._dlt_loads DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION ${dataset}.slow()`);
}

describe("a connection that is lost at COMMIT", () => {
  test("while the server commits: it is asked until that is done, and the run is", async () => {
    const line = await cutAtCommit("committing", "unheard");
    await atCommit("committing", "");
    const { kind } = await into("committing", rowsOf([{ id: 4 }]), line).run();
    await line.close();
    expect([line.struck, kind]).toEqual(["COMMIT", "new"]);
    expect(await sql("SELECT id::int FROM committing.t ORDER BY 1")).toEqual([[1], [2], [3], [4]]);
  });

  test("while the server commits, and it fails: the run fails, and the next one loads the package", async () => {
    const line = await cutAtCommit("failing", "unheard");
    await atCommit("failing", "RAISE EXCEPTION 'not this one';");
    const error = await failureOf(into("failing", rowsOf([{ id: 4 }]), line).run());
    await line.close();
    expect(error).toMatchObject({ code: "DESTINATION_UNREACHABLE", transient: true });
    await sql("DROP TRIGGER slow ON failing._dlt_loads");
    expect((await into("failing", rowsOf([{ id: 4 }])).run()).kind).toBe("unfinished");
    expect(await sql("SELECT id::int FROM failing.t ORDER BY 1")).toEqual([[1], [2], [3], [4]]);
  });

  test("before it reached a server that waits for it: its session is ended, and the next run need not wait", async () => {
    const line = await cutAtCommit("waiting", "half-open");
    const error = await failureOf(into("waiting", rowsOf([{ id: 4 }]), line).run());
    expect([line.struck, error.code]).toEqual(["COMMIT", "DESTINATION_UNREACHABLE"]);
    expect((await into("waiting", rowsOf([{ id: 4 }])).run()).kind).toBe("unfinished");
    await line.close();
    expect(await sql("SELECT id::int FROM waiting.t ORDER BY 1")).toEqual([[1], [2], [3], [4]]);
  });
});

describe("what PostgreSQL does not take", () => {
  test("more than 1600 columns, and rows that no page holds: the error names the table", async () => {
    const wide = (count: number, cell: unknown): object =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`c${at}`, cell]));
    expect(await failureOf(into("wide", rowsOf([wide(1700, "x")])).run())).toMatchObject({
      code: "TABLE_TOO_WIDE",
      message: expect.stringMatching(
        /^The table "t", which has 1702 columns, is too wide: PostgreSQL takes 1600/,
      ) as string,
    });
    expect(await failureOf(into("full", rowsOf([wide(1500, 1.5)])).run())).toMatchObject({
      code: "TABLE_TOO_WIDE",
      message: expect.stringContaining("row is too big") as string,
    });
  });

  test("NULs in JSON are left out wherever they stand in the file, and nothing else is", async () => {
    const columns = { j: { dataType: "json" } } as const;
    const texts = ["\0", "a\0\0b", "\\\0", "\\u0000", "\\\\\0\\", '"\0"'];
    const rows = texts.map((text, id) => ({ id, t: `\\u0000 ${"x".repeat(50_000)}`, j: { [`${text} key`]: [text] } }));
    await into("nul", rowsOf(rows, { columns })).run();
    const plain = texts.map((text) => text.replaceAll("\0", ""));
    expect(await sql("SELECT j FROM nul.t ORDER BY id")).toEqual(plain.map((text) => [{ [`${text} key`]: [text] }]));
    expect(await sql("SELECT DISTINCT left(t, 7) FROM nul.t")).toEqual([["\\u0000 "]]);
  });
});

test("tables of the schema public are no tables of a dataset that is not there", async () => {
  await sql("CREATE TABLE public.strange (id int)");
  expect(await into("nowhere", rowsOf([])).dataset().tables()).toEqual([]);
  await sql("DROP TABLE public.strange");
});
