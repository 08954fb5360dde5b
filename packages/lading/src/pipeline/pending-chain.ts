import type { DestinationClient } from "../destination/destination.ts";
import type { SealedPackage } from "../load-package/package-store.ts";
import { schemaFromText } from "../schema/wire.ts";
import { stateFromText, stateVersion } from "../state/pipeline-state.ts";
import type { Job } from "./job.ts";

/** What is asked to know from where a draft begins. */
export type Memory = Pick<DestinationClient, "readState" | "readSchema" | "lastLoadId"> & AsyncDisposable;

/** The packages that wait and will be loaded where the pipeline loads now, oldest first. Throws `PACKAGE_CORRUPT`. */
export async function pendingChain(job: Job): Promise<readonly SealedPackage[]> {
  const waiting = await Promise.all((await job.store.pending()).map((one) => one.read()));
  const { dltType } = job.parts.destination;
  return waiting.filter(
    ({ manifest: { dataset, destinationType } }) => dataset === job.dataset && destinationType === dltType,
  );
}

/**
 * The destination as it will be when the packages that wait are loaded, so that a draft can go on from them: state and
 * schemas are those of the newest package that has them. The destination itself is connected to only where it is asked
 * for what none of them knows.
 */
export function memoryAfter(chain: readonly SealedPackage[], connect: () => Promise<DestinationClient>): Memory {
  let connected: Promise<DestinationClient> | undefined;
  const client = (): Promise<DestinationClient> => (connected ??= connect());
  const newest = chain.at(-1);
  return {
    async readState(pipeline) {
      if (newest === undefined) return (await client()).readState(pipeline);
      // One that does not write its state has that of the package before it.
      const version = stateVersion(stateFromText(newest.state));
      return { version, state: newest.state, loadId: newest.manifest.loadId };
    },
    async readSchema(name) {
      for (const { manifest, schema, stateSchema } of chain.toReversed()) {
        const text = manifest.schema === name ? schema : manifest.stateLoad?.schema === name ? stateSchema : undefined;
        if (text === undefined) continue;
        const { version = 1, versionHash = "" } = schemaFromText(text);
        return { version, versionHash, schema: text };
      }
      return (await client()).readSchema(name);
    },
    // Those that wait are known by their folders.
    lastLoadId: async () => (newest === undefined ? (await client()).lastLoadId() : undefined),
    [Symbol.asyncDispose]: async () => (await connected?.catch(() => undefined))?.close(),
  };
}
