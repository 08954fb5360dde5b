import type { Destination, DestinationClient, LoadTransaction } from "../../destination/destination.ts";
import type { FaultPoints } from "./fault-points.ts";

/** A destination of which each call is a fault point. */
export interface FaultyDestination {
  readonly destination: Destination;
  /** Drops the connections that a stopped run left open, with what was not committed. */
  drop(): Promise<void>;
}

/** Wraps a destination for one run. What reads for people (`reader`) is no fault point. */
export function faultyDestination(real: Destination, points: FaultPoints): FaultyDestination {
  const open = new Set<DestinationClient>();
  const loads = new Set<LoadTransaction>();
  const pass = <T>(name: string, action: () => Promise<T>): Promise<T> =>
    points.pass({ name: `destination ${name}`, action });

  function wrapClient(client: DestinationClient): DestinationClient {
    const close = (): Promise<void> =>
      pass("close", async () => {
        open.delete(client);
        await client.close();
      });
    return {
      readState: (pipeline) => pass("read state", () => client.readState(pipeline)),
      readSchema: (name) => pass("read schema", () => client.readSchema(name)),
      isLoaded: (loadId) => pass("is loaded", () => client.isLoaded(loadId)),
      lastLoadId: () => pass("last load id", () => client.lastLoadId()),
      begin: (load) =>
        pass("begin", async () => {
          const begun = await client.begin(load);
          loads.add(begun);
          return wrapLoad(begun);
        }),
      reader: () => client.reader(),
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  function wrapLoad(load: LoadTransaction): LoadTransaction {
    return {
      migrate: () => pass("migrate", () => load.migrate()),
      copy: (part) => pass(`copy ${part.table}`, () => load.copy(part)),
      commit: () => pass("commit", () => load.commit()),
      rollback: () => pass("rollback", () => load.rollback()),
    };
  }

  return {
    destination: {
      ...real,
      connect: (options) =>
        pass("connect", async () => {
          const client = await real.connect(options);
          open.add(client);
          return wrapClient(client);
        }),
    },
    async drop() {
      for (const load of loads) await load.rollback();
      loads.clear();
      for (const client of open) await client.close();
      open.clear();
    },
  };
}
