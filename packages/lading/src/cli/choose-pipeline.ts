import { LadingError } from "../errors/index.ts";
import { didYouMean } from "../util/suggest.ts";

/** What {@link choosePipeline} needs. */
export interface ChoosePipelineOptions<Pipeline> {
  /** What a module exports, by name. */
  readonly exports: Readonly<Record<string, unknown>>;
  readonly isPipeline: (value: unknown) => value is Pipeline;
  /** The name that is asked for. Default: the default export, or the only one that is a pipeline. */
  readonly wanted?: string;
  /** The file, for messages. */
  readonly file: string;
}

/** The pipeline that a module exports. Throws `NO_PIPELINE`, with those that there are. */
export function choosePipeline<Pipeline extends { readonly name: string }>(
  options: ChoosePipelineOptions<Pipeline>,
): Pipeline {
  const { exports, isPipeline, wanted, file } = options;
  const found = new Set(Object.values(exports).filter(isPipeline));
  const names = [...found].map(({ name }) => name);
  if (wanted !== undefined) {
    const named = [...found].filter(({ name }) => name === wanted);
    const [only] = named;
    if (only !== undefined && named.length === 1) return only;
    const what =
      only === undefined
        ? `exports no pipeline named "${wanted}".${didYouMean(wanted, names)}`
        : `exports several pipelines named "${wanted}".`;
    throw noPipeline(`${file} ${what}`, names);
  }
  const byDefault = exports["default"];
  if (isPipeline(byDefault)) return byDefault;
  const [first] = found;
  if (first !== undefined && found.size === 1) return first;
  if (first !== undefined) throw noPipeline(`${file} exports several pipelines.`, names);
  const exported = Object.keys(exports);
  const what = exported.length === 0 ? "exports nothing" : `exports no pipeline (but ${exported.join(", ")})`;
  throw noPipeline(`${file} ${what}.`, names);
}

function noPipeline(message: string, names: readonly string[]): LadingError {
  const hint =
    names.length === 0 ? {} : { hint: `Choose one: ${names.map((name) => `--pipeline ${name}`).join(", or ")}.` };
  return new LadingError("NO_PIPELINE", message, { ...hint, details: { pipelines: names } });
}
