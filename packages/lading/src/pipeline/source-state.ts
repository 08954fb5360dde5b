import { LadingError } from "../errors/index.ts";
import { plainState } from "../resource/cursor-state.ts";
import type { StateValue } from "../resource/state-value.ts";
import type { ExactObject } from "../util/exact.ts";
import { fromPlain, reconcile } from "../util/json.ts";
import { typedParse, typedStringify } from "../util/json-text.ts";

/** Where dlt keeps what the resources remember, beside what the source does. */
const reserved = "resources";

/** What one resource last wrote to a key: when, in the order of all writes, and what, as typed JSON; `null`: it was taken out. */
type Written = readonly [key: string, at: number, text: string | null];

/**
 * What the resources of a source remember together (spec dlt-core 6.6): each sees at once what others write. What each one
 * writes is kept with its own progress, so that a resource which begins anew takes back its own, and nothing else.
 */
export class SourceState {
  readonly #before: ExactObject;
  readonly #values: Record<string, StateValue>;
  /** Of each key that was written: when, and by whom. */
  readonly #writes = new Map<string, { readonly at: number; readonly by: SourceStateView | undefined }>();
  #clock = 0;

  /** @param before what the source remembered before this run */
  constructor(before: ExactObject) {
    this.#before = before;
    this.#values = plainState(before);
  }

  /**
   * The state as one resource sees it.
   *
   * @param kept what it had written where it goes on
   */
  view(kept?: string): SourceStateView {
    const entries = kept === undefined ? [] : (JSON.parse(kept) as readonly Written[]);
    for (const [key, at, text] of entries) {
      this.#clock = Math.max(this.#clock, at);
      if (at >= (this.#writes.get(key)?.at ?? 0)) this.#put(key, at, text);
    }
    const view: SourceStateView = new SourceStateView(entries, {
      values: this.#values,
      before: this.#before,
      wrote: (key) => this.#writes.set(key, { at: ++this.#clock, by: view }),
      lastWrite: (key) => {
        const write = this.#writes.get(key);
        return write?.by === view ? write.at : undefined;
      },
    });
    return view;
  }

  #put(key: string, at: number, text: string | null): void {
    if (text === null) delete this.#values[key];
    else this.#values[key] = plainState(new Map([[key, typedParse(text)]]))[key]!;
    this.#writes.set(key, { at, by: undefined });
  }

  /** What is to be remembered when everything is read. */
  all(): ExactObject {
    const all = reconcile(this.#values, this.#before);
    return all instanceof Map ? all : (fromPlain({}) as ExactObject);
  }

  /** What is to be remembered when only some resources are through. */
  of(finished: Iterable<SourceStateView>): ExactObject {
    const some = new Map(this.#before);
    const written = [...finished].flatMap((view) => view.written()).toSorted(([, a], [, b]) => a - b);
    for (const [key, , text] of written) {
      if (text === null) some.delete(key);
      else some.set(key, typedParse(text));
    }
    return some;
  }
}

interface Shared {
  readonly values: Record<string, StateValue>;
  readonly before: ExactObject;
  readonly wrote: (key: string) => void;
  /** When the key was last written, if by the one that asks. */
  readonly lastWrite: (key: string) => number | undefined;
}

/** A source's state as one resource sees it, and what it has written. */
export class SourceStateView {
  /** What the resource reads and writes. */
  readonly state: Record<string, StateValue>;
  readonly #shared: Shared;
  readonly #written: Map<string, Written>;

  constructor(written: readonly Written[], shared: Shared) {
    this.#shared = shared;
    this.#written = new Map(written.map((one) => [one[0], one]));
    const write = (key: string | symbol): void => {
      if (typeof key !== "string") return;
      if (key === reserved) {
        throw new LadingError("INVALID_ARGUMENT", `The state of a source has no key "${reserved}" of its own.`, {
          hint: "What the resources remember is kept there. Choose another key.",
        });
      }
      shared.wrote(key);
      // What it holds is known when it is kept.
      if (!this.#written.has(key)) this.#written.set(key, [key, 0, null]);
    };
    this.state = new Proxy(shared.values, {
      set(target, key, value: StateValue) {
        write(key);
        return Reflect.set(target, key, value);
      },
      deleteProperty(target, key) {
        write(key);
        return Reflect.deleteProperty(target, key);
      },
    });
  }

  /** What it has written, as it is now; where another resource has written the key since, as it was when it was last kept. */
  written(): readonly Written[] {
    const { values, before, lastWrite } = this.#shared;
    for (const [key, [, known]] of this.#written) {
      const at = lastWrite(key);
      if (at === undefined) {
        if (known === 0) this.#written.delete(key);
        continue;
      }
      const value = values[key];
      const exact = value === undefined ? undefined : reconcile({ [key]: value }, before);
      const text = exact instanceof Map ? typedStringify(exact.get(key)) : null;
      this.#written.set(key, [key, at, text]);
    }
    return [...this.#written.values()];
  }

  /** As text for a journal; `undefined` where it has written nothing. */
  keep(): string | undefined {
    const written = this.written();
    return written.length === 0 ? undefined : JSON.stringify(written);
  }
}
