import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConfig } from "../../config/create-config.ts";
import { documentProvider, type ConfigDocument } from "../../config/document-provider.ts";
import type { Dataset } from "../../dataset/index.ts";
import type { Destination } from "../../destination/destination.ts";
import type { SqlReader } from "../../destination/sql-reader.ts";
import { LadingError } from "../../errors/index.ts";
import { pipeline, type Pipeline, type PipelineSource, type RunOptions, type RunResult } from "../../pipeline/index.ts";
import { resource } from "../../resource/index.ts";
import { datasetContent, type DatasetContent } from "../faults/index.ts";
import { compareCells, plainCell } from "./cells.ts";
import type { DestinationPlace, DestinationSubject, Need } from "./subject.ts";

/** Where a pipeline of a case runs; everything has a default. */
export interface Where {
  /** Of the pipeline. Default: `p`. */
  readonly name?: string;
  /** Default: `d`. */
  readonly dataset?: string;
  /** The working folder: another one is another machine. Default: `here`. */
  readonly home?: string;
  readonly destination?: Destination;
  /** Settings. Default: none. */
  readonly settings?: ConfigDocument;
}

/** Cells of rows. */
export type Rows = readonly (readonly unknown[])[];

/** What a case has to work with. */
export interface CaseContext {
  readonly destination: Destination;
  /** Steps from one call or statement that fails to the next one that does; 1: each fails. */
  readonly stride: number;
  /** Everything that the subject has; what a case needs is there. */
  readonly place: Required<Omit<DestinationPlace, "cleanup">>;
  pipeline<const S extends PipelineSource>(source: S, where?: Where): Pipeline<S>;
  run(source: PipelineSource, where?: Where & { readonly options?: RunOptions }): Promise<RunResult>;
  /** The error that a run must end with. */
  failure(source: PipelineSource, where?: Where & { readonly options?: RunOptions }): Promise<LadingError>;
  /**
   * Some columns of all rows of a table, sorted. Integers are numbers where they can be, else `bigint`s; timestamps texts of
   * ISO, bytes hexadecimal texts behind `\x`.
   */
  rows(table: string, columns: readonly string[], where?: Where): Promise<Rows>;
  /** The rows of a query, cells as {@link rows} has them, in its own order. */
  query(sql: (reader: SqlReader) => string, where?: Where): Promise<Rows>;
  /** Names of the tables that are there, without dlt's own, sorted. */
  tables(where?: Where): Promise<readonly string[]>;
  /** Names of the columns of a table, in their order, without dlt's own. */
  columns(table: string, where?: Where): Promise<readonly string[]>;
  /** How many loads were committed in the dataset. */
  loads(where?: Where): Promise<number>;
  content(where?: Where): Promise<DatasetContent>;
  /** Runs statements by hand. */
  byHand(statements: (reader: SqlReader) => string | readonly string[], where?: Where): Promise<void>;
  /** Uses a reader of the destination's own. */
  read<T>(action: (reader: SqlReader) => Promise<T>, where?: Where): Promise<T>;
  close(): Promise<void>;
}

/** For pipelines that only read what is there. */
const nothing = resource("nothing", []);

/** Opens a place for a case. */
export async function openCase(
  subject: DestinationSubject,
  needs: readonly Need[],
  stride: number,
): Promise<CaseContext> {
  const place = await subject.open();
  const folder = await mkdtemp(join(tmpdir(), "lading-suite-"));
  const close = async (): Promise<void> => {
    try {
      await place.cleanup();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  try {
    checkNeeds(subject, place, needs);
    return contextIn({ place, folder, stride, close });
  } catch (error) {
    await close();
    throw error;
  }
}

function checkNeeds(subject: DestinationSubject, place: DestinationPlace, needs: readonly Need[]): void {
  const { mergeStrategies, replaceStrategies } = place.destination.capabilities;
  const there: Readonly<Record<string, unknown>> = {
    statements: place.execute,
    "read-only account": place.readOnly,
    line: place.line,
    ...Object.fromEntries(mergeStrategies.map((one) => [`merge: ${one}`, true])),
    ...Object.fromEntries(replaceStrategies.map((one) => [`replace: ${one}`, true])),
  };
  for (const need of needs) {
    if (there[need] !== undefined) continue;
    throw new LadingError("INVALID_ARGUMENT", `"${subject.name}" has no ${need}, and does not say why.`, {
      hint: `Provide it, or give the reason: missing: { "${need}": "…" }.`,
    });
  }
  for (const [need, reason] of Object.entries(subject.missing ?? {})) {
    if (there[need] === undefined) continue;
    throw new LadingError("INVALID_ARGUMENT", `"${subject.name}" has ${need}, which is said to be missing: ${reason}`);
  }
}

interface Surroundings extends Pick<CaseContext, "stride" | "close"> {
  readonly place: DestinationPlace;
  readonly folder: string;
}

function contextIn({ place, folder, stride, close }: Surroundings): CaseContext {
  const configOf = ({ name = "p", settings = {} }: Where): RunOptions["config"] & object =>
    createConfig({
      providers: [documentProvider({ name: "the case", document: settings, holdsSecrets: true })],
      pipelineName: name,
    });

  async function read<T>(action: (reader: SqlReader) => Promise<T>, where: Where = {}): Promise<T> {
    const { name = "p", dataset = "d", home = "here", destination = place.destination } = where;
    const client = await destination.connect({
      pipeline: name,
      dataset,
      config: configOf(where),
      folder,
      workingFolder: join(folder, home, name),
      signal: new AbortController().signal,
    });
    try {
      return await action(client.reader());
    } finally {
      await client.close();
    }
  }

  const context: CaseContext = {
    destination: place.destination,
    stride,
    place: place as CaseContext["place"],
    pipeline: (source, { name = "p", dataset = "d", home = "here", destination = place.destination } = {}) =>
      pipeline({ name, source, destination, dataset, workingFolder: join(folder, home) }),
    run: (source, { options, ...where } = {}) =>
      context.pipeline(source, where).run({ config: configOf(where), minFreeDisk: 0, ...options }),
    async failure(source, where) {
      try {
        await context.run(source, where);
      } catch (error) {
        if (LadingError.is(error)) return error;
        throw new Error(`The run ended with what is no LadingError: ${String(error)}`, { cause: error });
      }
      throw new Error("The run did not fail.");
    },
    async rows(table, columns, where) {
      const data: Dataset = context.pipeline(nothing, where).dataset({ integers: "bigint" });
      const rows = await data
        .table(table)
        .select(...columns)
        .rows();
      return rows.map((row) => columns.map((column) => plainCell(row[column]))).toSorted(compareCells);
    },
    query: (sql, where) =>
      read(async (reader) => {
        const rows: unknown[][] = [];
        for await (const batch of reader.query(sql(reader), []))
          for (const row of batch) rows.push(Object.values(row).map(plainCell));
        return rows;
      }, where),
    async tables(where) {
      const names = await context.pipeline(nothing, where).dataset().tables();
      return names.filter((name) => !name.startsWith("_dlt_")).toSorted();
    },
    async columns(table, { dataset = "d", ...where } = {}) {
      const rows = await context.query(
        () =>
          `SELECT column_name FROM information_schema.columns WHERE table_schema = '${dataset}' AND table_name = '${table}' ORDER BY ordinal_position`,
        { ...where, dataset },
      );
      return rows.map(([name]) => String(name)).filter((name) => !name.startsWith("_dlt_"));
    },
    async loads(where) {
      return (await context.rows("_dlt_loads", ["load_id"], where)).length;
    },
    content: (where) => read((reader) => datasetContent(reader, where?.dataset ?? "d"), where),
    async byHand(statements, where) {
      const texts = await read(async (reader) => statements(reader), where);
      for (const text of [texts].flat()) await place.execute!(text);
    },
    read,
    close,
  };
  return context;
}
