import { join } from "node:path";
import { LadingError } from "../../errors/index.ts";
import { createDisk, type Disk } from "../../load-package/disk.ts";
import { safeName } from "../../load-package/part-path.ts";
import type { Destination } from "../destination.ts";
import type { RemoveTables, WriteBatch } from "./batch.ts";
import { customClient } from "./client.ts";
import { openLedger } from "./ledger.ts";

/** Options of {@link destination}. */
export interface CustomDestinationOptions<Row extends object = Readonly<Record<string, unknown>>> {
  /** Letters, digits, `_` and `-`. Also the section of its settings, `destination.<name>`. */
  readonly name: string;
  /** Takes a batch of rows of one table. Batches come one after the other. */
  readonly write: WriteBatch<Row>;
  /**
   * Takes tables away, or their rows, before a load that begins them anew (refresh, drop). Without it these are errors
   * (`DROP_UNSUPPORTED`). When it returns, it is not asked again for that load.
   */
  readonly removeTables?: RemoveTables;
  /** The most rows in a batch. Default: 100. */
  readonly batchSize?: number;
  /** Whether rows have dlt's own columns (`_dlt_id`, `_dlt_load_id`, …) too. Default: `false`. */
  readonly withSystemColumns?: boolean;
  /** Where the rows go, for people: an address without secrets. Default: `a function`. */
  readonly location?: string;
}

const known: ReadonlySet<string> = new Set<keyof CustomDestinationOptions>([
  "name",
  "write",
  "removeTables",
  "batchSize",
  "withSystemColumns",
  "location",
]);

/**
 * A destination of one's own: a function that is given the rows in batches, to bring them to an API ("reverse ETL"), a
 * queue, or anywhere else.
 *
 * ```ts
 * const crm = destination({
 *   name: "crm",
 *   async write({ table, rows, loadId, batch, config, signal }) {
 *     const response = await fetch(`https://crm.example/${table.name}`, {
 *       method: "POST",
 *       headers: { authorization: `Bearer ${config.secret("token")}`, "idempotency-key": `${loadId}/${batch}` },
 *       body: JSON.stringify(rows),
 *       signal,
 *     });
 *     if (!response.ok) throw new Error(`The CRM answered ${response.status}`);
 *   },
 * });
 * ```
 *
 * Columns are called as the fields of the rows are, and objects and lists stay as they are; a source that sets
 * `maxTableNesting` gets nested tables all the same. A table without rows makes no batch, also where it is replaced.
 *
 * **What is promised.** There is no transaction over an API: each batch is sent *at least once*. A batch that was
 * acknowledged (the function returned) is not sent again, as its number is on the disk before the next one leaves. A
 * crash, a stop or an error repeats at most the one batch that was on its way, with the same `loadId`, `batch` and rows;
 * a receiver that remembers `loadId` and `batch` sees each batch once. Where `batchSize` was changed in between, that
 * batch's rows come again under a number of their own.
 * An error of the function ends the run as `DESTINATION_FAILED`; the package is kept, and the next run goes on with that
 * batch. State, schemas and finished loads are in the pipeline's working folder: where that is lost, the source is read
 * from its start.
 *
 * @throws LadingError INVALID_ARGUMENT
 */
export function destination<Row extends object = Readonly<Record<string, unknown>>>(
  options: CustomDestinationOptions<Row>,
): Destination {
  return destinationOn(createDisk(), options);
}

/** As {@link destination}, on a disk that is given: for tests of crashes. */
export function destinationOn<Row extends object = Readonly<Record<string, unknown>>>(
  disk: Disk,
  options: CustomDestinationOptions<Row>,
): Destination {
  check(options);
  const { name, removeTables, batchSize = 100, withSystemColumns = false, location = "a function" } = options;
  // What the rows look like is known to whoever wrote the source.
  const write = options.write as WriteBatch<never> as WriteBatch;
  return {
    type: "destination",
    name,
    // dlt has no such destination; nothing of it is written where dlt would look.
    dltType: `lading.destinations.${name}`,
    capabilities: {
      maxIdentifierLength: undefined,
      mergeStrategies: ["delete-insert"],
      replaceStrategies: ["truncate-and-insert"],
      naming: "direct",
      maxTableNesting: 0,
      dropsTables: removeTables !== undefined,
    },
    describe: () => location,
    async connect({ workingFolder, dataset, config, signal }) {
      const folder = join(workingFolder, "destinations", name, safeName(dataset));
      return customClient({
        name,
        write,
        removeTables,
        batchSize,
        withSystemColumns,
        ledger: openLedger(folder, disk),
        config: config.within("destination", name),
        signal,
      });
    },
  };
}

function check<Row extends object>(options: CustomDestinationOptions<Row>): void {
  const refuse = (what: string, hint: string): never => {
    throw new LadingError("INVALID_ARGUMENT", what, { hint });
  };
  const { name, write, removeTables, batchSize } = options;
  if (typeof name !== "string" || !/^[a-z][a-z0-9_-]{0,62}$/i.test(name))
    refuse(`"${name}" cannot be the name of a destination.`, "Begin with a letter; use letters, digits, _ and -.");
  if (typeof write !== "function") refuse(`The destination "${name}" has no function \`write\`.`, "Pass one.");
  if (removeTables !== undefined && typeof removeTables !== "function")
    refuse(`The removeTables of "${name}" is no function.`, "Pass one, or leave it out.");
  if (batchSize !== undefined && !(Number.isSafeInteger(batchSize) && batchSize >= 1))
    refuse(`The batchSize of "${name}" is ${String(batchSize)}.`, "Give a whole number from 1.");
  const unknown = Object.keys(options).find((key) => !known.has(key));
  if (unknown !== undefined)
    refuse(`The destination "${name}" has no option "${unknown}".`, `There are: ${[...known].join(", ")}.`);
}
