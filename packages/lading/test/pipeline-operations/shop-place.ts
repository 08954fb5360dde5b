import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { createConfig, type Config } from "../../src/config/index.ts";
import { LadingError } from "../../src/errors/index.ts";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import { pipeline, type Pipeline, type RunOptions } from "../../src/pipeline/index.ts";
import { incremental, resource, source, type Resource, type Source } from "../../src/resource/index.ts";
import { main } from "../../src/cli/main.ts";
import { testingHost, type TestingHostOptions } from "../../src/cli/testing-host.ts";

/** What a command has printed, and its exit code. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A project with the pipeline "shop", the database `x.duckdb` and the dataset `shop_data`, and the command line in it. */
export interface ShopPlace extends AsyncDisposable {
  readonly cwd: string;
  /** The pipeline's working folder. */
  readonly work: string;
  readonly config: Config;
  lading(argv: readonly string[], options?: TestingHostOptions): Promise<Outcome>;
  /** `lading pipeline shop OPERATION …` */
  of(operation: string, ...rest: readonly string[]): Promise<Outcome>;
  /** The same with `--json`; it must succeed. */
  json(operation: string, ...rest: readonly string[]): Promise<Record<string, unknown>>;
  made(from?: Source | readonly Source[]): Pipeline;
  run(from?: Source | readonly Source[], options?: RunOptions): Promise<unknown>;
  sql(statement: string): Promise<unknown[][]>;
  /** The tables of the dataset, dlt's own not. */
  tables(): Promise<unknown[]>;
  /** Seals a package that the database refuses; gives its load id. */
  refused(): Promise<string>;
}

/** Two resources with cursors, one with a nested table. */
export function shop(): Source {
  const byCursor = (name: string, rows: readonly { readonly n: number; readonly lines?: object[] }[]): Resource =>
    resource({ name, writeDisposition: "append", incremental: incremental("n") }, () => rows);
  return source("shop", [byCursor("orders", [{ n: 5, lines: [{ sku: "a" }] }]), byCursor("visits", [{ n: 5 }])]);
}

/** Makes a {@link ShopPlace} in a folder of its own. */
export async function shopPlace(): Promise<ShopPlace> {
  const cwd = await mkdtemp(join(tmpdir(), "lading-cli-"));
  await writeFile(join(cwd, "package.json"), "{}");
  const work = join(cwd, ".lading", "shop");
  const config = createConfig({ providers: [], pipelineName: "shop" });
  const place: ShopPlace = {
    cwd,
    work,
    config,
    async lading(argv, options = {}) {
      const host = testingHost({ cwd, now: Date.now, ...options });
      const code = await main(argv, host);
      return { code, out: host.out(), err: host.err() };
    },
    of: (operation, ...rest) => place.lading(["pipeline", "shop", operation, ...rest]),
    async json(operation, ...rest) {
      const { code, out, err } = await place.of(operation, "--json", ...rest);
      if (code !== 0 || err !== "") throw new Error(`${code}: ${err}`);
      return JSON.parse(out) as Record<string, unknown>;
    },
    made: (from = shop()) =>
      pipeline({
        name: "shop",
        source: from,
        destination: duckdb(join(cwd, "x.duckdb")),
        dataset: "Shop Data",
        workingFolder: join(cwd, ".lading"),
      }),
    run: (from, options = {}) => place.made(from).run({ config, ...options }),
    async sql(statement) {
      const instance = await DuckDBInstance.create(join(cwd, "x.duckdb"));
      try {
        return (await (await instance.connect()).runAndReadAll(statement)).getRowsJson();
      } finally {
        instance.closeSync();
      }
    },
    async tables() {
      const names = await place.sql(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'shop_data' AND NOT starts_with(table_name, '_dlt') ORDER BY 1",
      );
      return names.flat();
    },
    async refused() {
      await place.run();
      await place.sql("CREATE VIEW shop_data.late AS SELECT 1 AS id");
      const late = source("shop", [resource("late", [{ id: 1 }, { id: 2 }])]);
      const error: unknown = await place.run(late).catch((cause: unknown) => cause);
      if (!LadingError.is(error, "TABLE_CHANGED")) throw new Error("it was to be refused", { cause: error });
      return (await readdir(join(work, "packages")))[0]!;
    },
    [Symbol.asyncDispose]: () => rm(cwd, { recursive: true }),
  };
  return place;
}
