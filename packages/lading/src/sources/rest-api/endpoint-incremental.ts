import type { Secret } from "../../config/secret.ts";
import type { ParamValue } from "../../http/index.ts";
import type { Cursor } from "../../resource/context.ts";
import { incremental, type Incremental, type IncrementalSettings } from "../../resource/incremental.ts";
import type { CursorValue } from "../../resource/cursor-value.ts";
import type { Filled } from "./fill-template.ts";
import type { EndpointConfig } from "./config.ts";

/** How an endpoint is read incrementally (spec dlt-rest 5.5). */
export interface EndpointIncremental extends IncrementalSettings {
  /** A field of the row, or a JSONPath within it. */
  readonly cursorPath: string;
  /** The param that says from where to read. It is left out where there is no value yet. */
  readonly startParam?: string;
  /** The param that says up to where to read. */
  readonly endParam?: string;
  /** Makes of a value what the API wants to be sent: `"2024-01-01T00:00:00Z"` → `1704067200`. */
  convert?(value: CursorValue): Filled;
}

/** dlt's older way to write it: in the place of the param's value. */
export interface IncrementalParam extends Omit<EndpointIncremental, "startParam" | "endParam"> {
  readonly type: "incremental";
}

/** An endpoint whose cursor, if it has one, stands in its params as placeholders. */
export type BoundEndpoint = Omit<EndpointConfig, "params" | "incremental"> & {
  readonly params?: Readonly<Record<string, ParamValue | Secret>>;
};

/** The values of a cursor that requests can hold, as they are sent; the same through the whole run. */
export type CursorValues = Readonly<Record<CursorField, Filled | undefined>>;

export const cursorFields = ["start_value", "last_value", "initial_value", "end_value"] as const;
/** `last_value` does not move while rows arrive, as it does in dlt: later requests would pass over rows. */
export type CursorField = (typeof cursorFields)[number];

/** What of an endpoint makes its cursor. */
export interface IncrementalPlan {
  readonly cursor: Incremental;
  readonly initialValue: CursorValue | undefined;
  readonly convert: ((value: CursorValue) => Filled) | undefined;
}

/**
 * The cursor of an endpoint, and the endpoint with its values as placeholders in the params.
 *
 * @param note takes what is wrong, with the place within the endpoint
 */
export function planIncremental(
  endpoint: EndpointConfig,
  note: (place: string, problem: string) => void,
): { readonly endpoint: BoundEndpoint; readonly incremental?: IncrementalPlan } {
  const { incremental: given, params = {}, ...rest } = endpoint;
  const bindings = Object.entries(params).filter(([, value]) => isIncrementalParam(value));
  if (given === undefined && bindings.length === 0) return { endpoint: endpoint as BoundEndpoint };
  if (bindings.length + (given === undefined ? 0 : 1) > 1) {
    note("incremental", "is given more than once; an endpoint has one cursor");
    return { endpoint: rest };
  }
  const [binding] = bindings;
  const chosen: EndpointIncremental = given ?? fromParam(binding![0], binding![1] as unknown as IncrementalParam);
  const { cursorPath, startParam, endParam, convert, ...settings } = chosen;
  const filled = {
    ...(startParam === undefined ? {} : { [startParam]: "{incremental.start_value}" }),
    ...(endParam === undefined ? {} : { [endParam]: "{incremental.end_value}" }),
  };
  for (const name of Object.keys(filled)) {
    if (Object.hasOwn(params, name) && name !== binding?.[0]) note(`params.${name}`, "is filled by the cursor already");
  }
  try {
    return {
      endpoint: { ...rest, params: { ...params, ...filled } as NonNullable<BoundEndpoint["params"]> },
      incremental: {
        cursor: incremental(cursorPath, present(settings)),
        initialValue: settings.initialValue,
        convert,
      },
    };
  } catch (error) {
    note("incremental", (error as Error).message);
    return { endpoint: rest };
  }
}

/** The values of a run, converted. Those that there are not are `undefined`. */
export function cursorValues({ initialValue, convert }: IncrementalPlan, { start, end }: Cursor): CursorValues {
  const sent = (value: unknown): Filled | undefined => {
    if (value === undefined) return undefined;
    if (convert !== undefined) return convert(value as CursorValue);
    return value instanceof Date ? value.toISOString() : (value as Filled);
  };
  const first = sent(start);
  return { start_value: first, last_value: first, initial_value: sent(initialValue), end_value: sent(end) };
}

function isIncrementalParam(value: unknown): boolean {
  return typeof value === "object" && value !== null && "type" in value && value.type === "incremental";
}

function fromParam(name: string, { type: _type, ...settings }: IncrementalParam): EndpointIncremental {
  return { ...settings, startParam: name };
}

/** What a document leaves open by `null` is not given. */
function present(settings: IncrementalSettings): IncrementalSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
