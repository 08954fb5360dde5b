import type { Config } from "../config/config.ts";
import { LadingError } from "../errors/index.ts";
import type { ResourceContext } from "./resource.ts";

/** Where an incremental resource stands. Values are as they stand in the rows. */
export interface Cursor<Value = unknown> {
  /** From where to read; the same through the whole run. With a lag it is that much before where the last run ended. */
  readonly start: Value;
  /** The furthest value seen so far; it moves while the rows arrive. */
  readonly last: Value;
  /** Up to where to read, if that was given. */
  readonly end: Exclude<Value, undefined> | undefined;
}

/** What the function of a resource is given. */
export interface FunctionContext<Value = unknown> extends ResourceContext {
  /** All `undefined` where the resource is not incremental. */
  readonly cursor: Cursor<Value>;
}

/** The cursor of a resource that has none. */
export const noCursor: Cursor<undefined> = { start: undefined, last: undefined, end: undefined };

/**
 * The context of a resource that is read by itself, outside of a pipeline: nothing is kept, and there are no settings.
 *
 * @param signal stops it; default: nothing does
 */
export function standaloneContext(signal: AbortSignal = new AbortController().signal): ResourceContext {
  return { signal, state: {}, sourceState: {}, position: undefined, config: noConfig, warn: () => {} };
}

const noConfig: Config = {
  get: () => undefined,
  secret(key) {
    throw new LadingError(
      "CONFIG_MISSING",
      `There is no value for ${String(key)}: this resource is read outside of a pipeline`,
      {
        hint: "Settings are there when the resource is read by a pipeline; read it with `pipeline({ … }).run()`.",
      },
    );
  },
  within: () => noConfig,
  secrets: new Map(),
};
