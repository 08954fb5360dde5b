import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createConfig, incremental, resource, source, type Config, type Source } from "../../src/index.ts";
import { decodeState } from "../../src/state/pipeline-state.ts";
import { failureOf, place, type Place } from "../bad-input/place.ts";

const settings = (values: Record<string, unknown> = {}): Config => createConfig({ providers: [], values });
const rows = (...ids: number[]): Source => source("s", [resource({ name: "t" }, () => [ids.map((id) => ({ id }))])]);

const datasets = async (at: Place): Promise<unknown> =>
  (await at.sql("SELECT DISTINCT table_schema FROM information_schema.tables ORDER BY 1")).flat();
const stateOf = async (at: Place, dataset: string): Promise<unknown> => {
  const [[text]] = (await at.sql(`SELECT state FROM "${dataset}"._dlt_pipeline_state ORDER BY version DESC`)) as [
    [string],
  ];
  return decodeState(text).get("dataset_name");
};

describe("the name of a dataset", () => {
  test.each([
    ["is normalized; the state has it as it was given", {}, "My DS", "my_ds", "My DS"],
    ["is put into a layout", { dataset_name_layout: "pre_%s_100%%" }, "My DS", "pre_my_ds_100x", "pre_My DS_100%"],
    [
      "is left as it is where the destination's setting says so",
      { destination: { duckdb: { enable_dataset_name_normalization: false } } },
      "My DS",
      "My DS",
      "My DS",
    ],
  ])("%s", async (_, values, dataset, normalized, stored) => {
    await using at = await place({ dataset });
    const result = await at.run(rows(1), { config: settings(values) });
    expect(result).toMatchObject({ dataset: normalized, warnings: [] });
    expect(await datasets(at)).toEqual([normalized]);
    expect(await stateOf(at, normalized)).toBe(stored);
  });

  test("has a layout with one place for it", async () => {
    await using at = await place();
    const failure = await at.failure(rows(1), { config: settings({ dataset_name_layout: "all" }) });
    expect(failure).toMatchObject({ code: "CONFIG_INVALID", hint: 'For example "prefix_%s".' });
  });

  test("for staging is not needed, and a setting for it is not passed over in silence", async () => {
    await using at = await place();
    const config = settings({ destination: { duckdb: { staging_dataset_name_layout: "%s_stage" } } });
    const { warnings } = await at.run(rows(1), { config });
    expect(warnings).toEqual([expect.stringContaining("staging_dataset_name_layout has no effect")]);
  });

  test.each(["use_single_dataset", "restore_from_destination"])("does not hang on %s", async (setting) => {
    await using at = await place();
    const failure = await at.failure(rows(1), { config: settings({ [setting]: false }) });
    expect(failure).toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining(setting) as string });
  });
});

describe("in dev mode", () => {
  const growing = (last: number): Source =>
    source("s", [
      resource({ name: "t", incremental: incremental("id") }, () => [
        Array.from({ length: last }, (_one, index) => ({ id: index + 1 })),
      ]),
    ]);
  const noon = Date.UTC(2030, 0, 31, 12);
  const at12 = { config: settings(), now: () => noon };
  const at0 = { config: settings(), now: () => noon + 12 * 3600_000 };

  test("each pipeline object has a dataset of its own, and goes on in it", async () => {
    await using at = await place({ more: { devMode: true } });
    const first = at.pipeline(growing(2));
    expect((await first.run(at12)).dataset).toBe("d_20300131120000");
    const again = await first.run({ config: settings() });
    expect(again).toMatchObject({ dataset: "d_20300131120000", kind: "nothing" });
    await using dataset = first.dataset();
    expect(await dataset.table("t").rows()).toHaveLength(2);

    const next = await at.pipeline(growing(3)).run(at0);
    expect(next).toMatchObject({ dataset: "d_20300201000000", kind: "new", loads: [{ tables: { t: { rows: 3 } } }] });
    expect(await datasets(at)).toEqual(["d_20300131120000", "d_20300201000000"]);
  });

  test("what an object has left unfinished is not the next one's, and what others have is left alone", async () => {
    await using at = await place();
    const broken = source("s", [
      resource({ name: "t" }, function* () {
        yield [{ id: 1 }];
        throw new Error("gone");
      }),
    ]);
    await at.failure(broken);
    const dev = at.with({ more: { devMode: true } });
    await failureOf(dev.pipeline(broken).run(at12));
    expect(existsSync(join(at.home, "p", "dev", "draft"))).toBe(true);
    expect(await dev.pipeline(rows(7)).run(at0)).toMatchObject({
      kind: "new",
      warnings: [],
    });
    expect(existsSync(join(at.home, "p", "draft"))).toBe(true);
    expect((await at.run(broken, { fresh: false }).catch((error: unknown) => String(error))).toString()).toContain(
      "gone",
    );
  });

  test("it can be switched on by a setting, and off in code", async () => {
    await using at = await place();
    const config = settings({ dev_mode: "true" });
    expect((await at.run(rows(1), { ...at12, config })).dataset).toBe("d_20300131120000");
    expect((await at.with({ more: { devMode: false } }).run(rows(1), { ...at12, config })).dataset).toBe("d");
  });
});
