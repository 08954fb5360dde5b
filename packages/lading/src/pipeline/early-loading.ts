import type { DestinationClient, EarlyLoad, EarlyRequest } from "../destination/destination.ts";
import type { DraftPackage } from "../load-package/draft-package.ts";
import type { Part } from "../load-package/manifest.ts";
import type { Schema } from "../schema/schema.ts";
import type { StagedReplace } from "./replaced-from-staging.ts";

/** Milliseconds within which row files must fill for the destination to be held open. */
const patience = 5000;

export interface EarlyLoadingOptions {
  readonly draft: DraftPackage;
  /** The schema of the package as it grows: it has the columns of the files that are finished. */
  readonly schema: Schema;
  readonly connect: () => Promise<DestinationClient>;
  /** The load id of a package that is loaded over this connection. */
  readonly drawLoadId: (client: DestinationClient) => Promise<string>;
  /** What is done with tables before or while they are loaded; with tables that are not known yet, nothing is loaded early. */
  readonly tables: Pick<EarlyRequest, "dropped" | "truncated"> & { readonly replacedFromStaging: StagedReplace };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A load that has begun, and what it goes on with after the seal. */
export interface BegunLoad {
  readonly client: DestinationClient;
  readonly loadId: string;
  readonly load: EarlyLoad;
}

/**
 * Copies finished row files into the destination while others are still being filled (design 3, overlap): the database
 * works while the source answers.
 *
 * It holds the destination only while files fill quickly, so that a slow pull does not lock a database for hours: it
 * begins with the first file that was full within seconds, and gives everything up where the next one is not. It also
 * gives up at any error: the load after the seal does it all again, and says what is wrong.
 */
export class EarlyLoading implements AsyncDisposable {
  readonly #options: EarlyLoadingOptions;
  readonly #copied = new Set<string>();
  #filledAt: number;
  #filled = 0;
  #begun: BegunLoad | undefined;
  #work: Promise<void> | undefined;
  #isOver: boolean;

  constructor(options: EarlyLoadingOptions) {
    this.#options = options;
    this.#isOver = options.tables.replacedFromStaging.resources.length > 0;
    this.#filledAt = options.now();
  }

  /** Whether {@link look} wants to be asked now and then, also where nothing is written. */
  get isHolding(): boolean {
    return this.#begun !== undefined;
  }

  /** To be called after rows were written, and while they are waited for: begins, goes on, or gives up. Never throws. */
  look(): void {
    if (this.#isOver) return;
    const { draft, now } = this.#options;
    const late = now() - this.#filledAt > patience;
    const isNew = draft.filled > this.#filled;
    if (isNew) {
      this.#filled = draft.filled;
      this.#filledAt = now();
    }
    if (late && this.#begun !== undefined) void this.#giveUp();
    else if (isNew && !late) this.#goOn();
  }

  /** Ends with the file that is being copied. @returns what to go on with, where there is anything */
  async settle(): Promise<BegunLoad | undefined> {
    this.#isOver = true;
    await this.#work;
    const begun = this.#begun;
    this.#begun = undefined;
    return begun;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#giveUp();
  }

  #goOn(): void {
    this.#work ??= this.#copyAll()
      .catch(() => this.#close())
      .finally(() => (this.#work = undefined));
  }

  async #copyAll(): Promise<void> {
    const { draft, schema } = this.#options;
    this.#begun ??= await this.#begin();
    for (let part = this.#next(); part !== undefined && !this.#isOver; part = this.#next()) {
      await this.#begun.load.copy(part, draft.folder, schema);
      this.#copied.add(part.path);
    }
  }

  async #begin(): Promise<BegunLoad> {
    const { connect, drawLoadId, tables } = this.#options;
    const client = await connect();
    try {
      const loadId = await drawLoadId(client);
      const replacedFromStaging = tables.replacedFromStaging.tables;
      const load = await client.beginEarly?.({ loadId, ...tables, replacedFromStaging });
      if (load === undefined) throw new Error("The destination loads sealed packages only.");
      return { client, loadId, load };
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /** The next file to copy: of each table in the order in which they were begun, as rows that come later win. */
  #next(): Part | undefined {
    const unfinished = new Set<string>();
    for (const part of this.#options.draft.parts()) {
      if (this.#copied.has(part.path)) continue;
      if (!this.#options.draft.isFinished(part.path)) unfinished.add(part.table);
      else if (!unfinished.has(part.table)) return part;
    }
    return undefined;
  }

  async #giveUp(): Promise<void> {
    this.#isOver = true;
    await this.#work;
    await this.#close();
  }

  async #close(): Promise<void> {
    this.#isOver = true;
    const begun = this.#begun;
    this.#begun = undefined;
    if (begun === undefined) return;
    try {
      await begun.load.rollback();
      await begun.client.close();
    } catch {
      // Nothing was promised; whoever opens it next hears of it.
    }
  }
}
