import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createConfig } from "../../src/config/create-config.ts";
import { environmentProvider } from "../../src/config/environment-provider.ts";
import type { RunEvent } from "../../src/index.ts";
import { resource, source } from "../../src/resource/index.ts";
import { page } from "../../src/resource/page.ts";
import { place, type Place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";

const columns = async (p: Place): Promise<unknown> =>
  (
    await p.sql(
      "SELECT string_agg(column_name, ' ' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_schema = 'd' AND table_name = 't' AND column_name NOT LIKE '_dlt%'",
    )
  )[0]![0];
const contractIn = (p: Place): Promise<unknown[][]> =>
  p.sql(
    "SELECT schema->'settings'->>'schema_contract', schema->'tables'->'t'->>'schema_contract' FROM d._dlt_version ORDER BY version DESC LIMIT 1",
  );

const known = [{ id: 1 }];
const more = [{ id: 2, extra: "x" }, { id: 3 }];

describe("a contract", () => {
  test("may be given to a resource, a source, a pipeline's run; the nearest to the run wins", async () => {
    await using p = await place();
    await p.run(rowsOf(known));
    const lax = rowsOf(more, { schemaContract: { columns: "evolve" } });
    await p.run(source("s", [rowsOf(more)], { schemaContract: { columns: "discard_value" } }));
    expect(await contractIn(p)).toEqual([[null, null]]);
    await p.run(source("p", [rowsOf(more)], { schemaContract: { columns: "discard_value" } }));
    expect(await contractIn(p)).toEqual([['{"columns":"discard_value"}', null]]);
    const result = await p.run(source("p", [lax], { schemaContract: "freeze" }), {
      schemaContract: { columns: "discard_row", dataType: "discard_value" },
    });
    expect(result.resources["t"]).toMatchObject({ rows: 2, discarded: { t: { rows: 1, values: 0 } } });
    const both = '{"columns":"discard_row","data_type":"discard_value"}';
    expect(await contractIn(p)).toEqual([[both, both]]);
  });

  test("stays with the table until another one is given", async () => {
    await using p = await place();
    await p.run(rowsOf(known, { schemaContract: { columns: "discard_value" } }));
    await p.run(rowsOf(more));
    expect(await columns(p)).toBe("id");
    await p.run(rowsOf(more, { schemaContract: "evolve" }));
    expect(await columns(p)).toBe("id extra");
  });

  test("says in result, summary and events what it left out", async () => {
    await using p = await place();
    await p.run(rowsOf(known));
    const events: RunEvent[] = [];
    const result = await p.run(
      rowsOf([{ id: 2, k: [1, 2] }, { id: "no number", extra: 1 }, { id: 3 }], {
        schemaContract: { tables: "discard_row", columns: "discard_value", dataType: "discard_value" },
      }),
      { onEvent: (event) => events.push(event) },
    );
    const discarded = { t__k: { rows: 2, values: 0 }, t: { rows: 0, values: 2 } };
    expect(result.resources["t"]!.discarded).toEqual(discarded);
    expect(String(result)).toContain(
      "\nDiscarded by the contract of t__k: 2 rows.\nDiscarded by the contract of t: 2 values.",
    );
    expect(events.filter(({ type }) => type === "discarded")).toEqual([
      expect.objectContaining({ resource: "t", tables: discarded }),
    ]);
    expect(await p.sql("SELECT id FROM d.t ORDER BY id NULLS LAST")).toEqual([["1"], ["2"], ["3"], [null]]);
  });

  test("that freezes stops the run, and nothing of it is loaded: CONTRACT_VIOLATED", async () => {
    await using p = await place();
    await p.run(rowsOf(known, { primaryKey: "id" }));
    const frozen = rowsOf(more, { primaryKey: "id", schemaContract: "freeze" });
    const error = await p.failure(frozen);
    expect(error).toMatchObject({
      code: "CONTRACT_VIOLATED",
      message:
        'The column "extra" of "t" is new, and the contract freezes the columns (the row with id 2). (resource t, page 1, row 1)',
      details: { table: "t", column: "extra", entity: "columns", mode: "freeze", key: { id: "2" }, row: 0, page: 1 },
    });
    expect(await p.sql("SELECT count(*) FROM d.t")).toEqual([["1"]]);
    // The contract is changed, and what was begun under the old one is dropped.
    await p.run(rowsOf(more, { primaryKey: "id", schemaContract: { columns: "discard_value" } }));
    expect(await p.sql("SELECT count(*) FROM d.t")).toEqual([["3"]]);
  });

  test("that refuses a table refuses what is declared of it, and all of its rows", async () => {
    await using p = await place();
    await p.run(rowsOf(known));
    const sources = (mode: "freeze" | "discard_row") =>
      source("p", [rowsOf(more), rowsOf([{ a: 1 }], { name: "other" })], { schemaContract: { tables: mode } });
    expect(await p.failure(sources("freeze"))).toMatchObject({
      code: "CONTRACT_VIOLATED",
      details: { table: "other", entity: "tables" },
    });
    const result = await p.run(sources("discard_row"));
    expect(result.resources["other"]!.discarded).toEqual({ other: { rows: 1, values: 0 } });
    expect(await p.sql("SELECT count(*) FROM information_schema.tables WHERE table_name = 'other'")).toEqual([["0"]]);
    const only = source("p", [rowsOf([{ a: 1 }], { name: "other" })], { schemaContract: { tables: "discard_row" } });
    const nothing = await p.run(only);
    expect(nothing).toMatchObject({ loads: [], resources: { other: { discarded: { other: { rows: 1 } } } } });
  });

  test("that leaves nothing of a load still leaves its mark; a history retires nothing for it", async () => {
    await using p = await place();
    const hints = { writeDisposition: { disposition: "merge", strategy: "scd2" } } as const;
    await p.run(rowsOf(known, hints));
    const result = await p.run(rowsOf([{ id: 2, extra: 1 }], { ...hints, schemaContract: { columns: "discard_row" } }));
    expect(result.loads).toHaveLength(1);
    expect(await p.sql("SELECT count(*) FROM d._dlt_loads")).toEqual([["2"]]);
    expect(await p.sql("SELECT id, _dlt_valid_to FROM d.t")).toEqual([["1", null]]);
  });

  test("counts once what a run left out that was stopped and went on", async () => {
    await using p = await place();
    await p.run(rowsOf(known));
    let stops = true;
    const resumable = resource({ name: "t", schemaContract: { columns: "discard_row" } }, async function* (context) {
      const from = typeof context.position === "number" ? context.position : 0;
      for (let at = from; at < 4; at++) {
        if (at === 2 && stops) throw new Error("stop");
        yield page({ rows: [{ id: 10 + at }, { id: 20 + at, extra: 1 }], position: at === 3 ? null : at + 1 });
      }
    });
    const unknown = resource({ name: "other", schemaContract: { tables: "discard_row" } }, async function* (context) {
      const from = typeof context.position === "number" ? context.position : 0;
      for (let at = from; at < 4; at++) yield page({ rows: [{ a: at }], position: at === 3 ? null : at + 1 });
    });
    await p.failure(source("p", [resumable, unknown]));
    stops = false;
    const result = await p.run(source("p", [resumable, unknown]));
    expect(result.resources["t"]).toMatchObject({ pages: 4, discarded: { t: { rows: 4, values: 0 } } });
    expect(result.resources["other"]).toMatchObject({ pages: 4, discarded: { other: { rows: 4, values: 0 } } });
    expect(await p.sql("SELECT count(*) FROM d.t")).toEqual([["5"]]);
  });

  test("that is no contract is INVALID_ARGUMENT, wherever it is given", async () => {
    const wrong = { columns: "discard-value" } as never;
    const refused = expect.objectContaining({ code: "INVALID_ARGUMENT" }) as Error;
    expect(() => resource({ name: "t", schemaContract: wrong }, [])).toThrow(refused);
    expect(() => source("s", [], { schemaContract: { types: "freeze" } as never })).toThrow(refused);
    await using p = await place();
    expect(await p.failure(rowsOf(known), { schemaContract: wrong })).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: 'The contract of the run has no mode "discard-value" (columns).',
    });
  });
});

describe("keepDiscarded", () => {
  const left = async (p: Place): Promise<readonly unknown[]> => {
    const files = (await readdir(p.home, { recursive: true })).filter((file) => file.endsWith(".jsonl")).toSorted();
    const texts = await Promise.all(
      files.filter((file) => file.includes("discarded")).map((file) => readFile(join(p.home, file), "utf8")),
    );
    return texts.flatMap((text) => text.trimEnd().split("\n")).map((line) => JSON.parse(line) as unknown);
  };
  const contract = { tables: "discard_row", columns: "discard_row", dataType: "discard_value" } as const;

  test("keeps what was left out as lines of JSON in the package; by itself nothing is kept", async () => {
    await using p = await place();
    await p.run(rowsOf(known));
    const rows = [
      { _dlt_id: "a", id: 2, extra: "ü" },
      { _dlt_id: "b", id: "no", k: [1] },
    ];
    await p.run(rowsOf(rows, { schemaContract: contract }));
    expect(await left(p)).toEqual([]);
    await p.run(rowsOf(rows, { schemaContract: contract }), { keepDiscarded: true });
    expect(await left(p)).toEqual([
      { what: "row", contract: "columns", column: "extra", row: { id: 2, extra: "ü", _dlt_id: "a" } },
      { what: "value", contract: "data_type", column: "id__v_text", at: "id", row: { id: "no", _dlt_id: "b" } },
      {
        what: "row",
        contract: "tables",
        row: { value: 1, _dlt_parent_id: "b", _dlt_list_idx: 0, _dlt_id: expect.any(String) },
      },
    ]);
  });

  test("may be a setting; what a schema refuses has its reason", async () => {
    await using p = await place();
    const schema = z.object({ id: z.int("a whole number is wanted") });
    const made = resource({ name: "t", schema, schemaContract: { dataType: "discard_row" } }, [{ id: 1 }, { id: 2.5 }]);
    const providers = [environmentProvider({ variables: { RUNTIME__KEEP_DISCARDED: "true" } })];
    await p.run(made, { config: createConfig({ providers, pipelineName: "p" }) });
    expect(await left(p)).toEqual([
      { what: "row", contract: "data_type", reason: "id: a whole number is wanted", row: { id: 2.5 } },
    ]);
  });
});

describe("a schema's part in a contract", () => {
  const schema = z.object({ id: z.int() });
  const rows = [{ id: 1, more: true }, { id: "two" }, { id: 3 }];

  test("leaves out rows that are not what it says, and counts them: dataType discard_row", async () => {
    await using p = await place();
    const made = resource({ name: "t", schema, schemaContract: { dataType: "discard_row" } }, rows as never);
    const result = await p.run(made);
    expect(result.resources["t"]).toMatchObject({ rows: 2, discarded: { t: { rows: 1, values: 0 } } });
    expect(await p.sql("SELECT id FROM d.t ORDER BY id")).toEqual([["1"], ["3"]]);
    expect(await columns(p)).toBe("id");
  });

  test("takes them as they came: evolve; cannot take out values: HINT_UNSUPPORTED; else VALIDATION_FAILED", async () => {
    const made = resource({ name: "t", schema }, rows as never);
    await using p = await place();
    expect((await p.failure(made)).code).toBe("VALIDATION_FAILED");
    expect((await p.failure(made.with({ schemaContract: "discard_value" }))).code).toBe("HINT_UNSUPPORTED");
    await p.run(made.with({ schemaContract: { dataType: "evolve" } }));
    expect(await p.sql("SELECT id, id__v_text FROM d.t ORDER BY id NULLS LAST")).toEqual([
      ["1", null],
      ["3", null],
      [null, "two"],
    ]);
  });
});
