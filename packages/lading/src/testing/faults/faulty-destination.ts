import type { Destination, DestinationClient, EarlyLoad, LoadTransaction } from "../../destination/destination.ts";
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
  /** Calls that only look, and end by themselves. */
  const looking = new Set<Promise<unknown>>();
  const loads = new Set<Pick<LoadTransaction, "rollback">>();
  const pass = <T>(name: string, action: () => Promise<T>): Promise<T> =>
    points.pass({ name: `destination ${name}`, action });
  const look = <T>(name: string, action: () => Promise<T>): Promise<T> =>
    pass(name, () => {
      const call = action().finally(() => looking.delete(call));
      looking.add(call);
      return call;
    });

  function wrapClient(client: DestinationClient): DestinationClient {
    const close = (): Promise<void> =>
      pass("close", async () => {
        open.delete(client);
        await client.close();
      });
    return {
      readState: (pipeline) => look("read state", () => client.readState(pipeline)),
      readSchema: (name) => look("read schema", () => client.readSchema(name)),
      isLoaded: (load) => look("is loaded", () => client.isLoaded(load)),
      lastLoadId: () => look("last load id", () => client.lastLoadId()),
      begin: (load) =>
        pass("begin", async () => {
          const begun = await client.begin(load);
          loads.add(begun);
          return wrapLoad(begun);
        }),
      ...(client.beginEarly === undefined
        ? {}
        : {
            beginEarly: (load) =>
              pass("begin early", async () => {
                const begun = await client.beginEarly!(load);
                loads.add(begun);
                return wrapEarly(begun);
              }),
          }),
      reader: () => client.reader(),
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  function wrapEarly(early: EarlyLoad): EarlyLoad {
    return {
      copy: (part, folder, schema) => pass(`copy early ${part.table}`, () => early.copy(part, folder, schema)),
      complete: (load) =>
        pass("complete early", async () => {
          const begun = await early.complete(load);
          loads.add(begun);
          return wrapLoad(begun);
        }),
      rollback: () => pass("rollback early", () => early.rollback()),
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
        look("connect", async () => {
          const client = await real.connect(options);
          open.add(client);
          return wrapClient(client);
        }),
    },
    async drop() {
      // A stopped run goes on in vain as far as it gets; a connection must not be closed under a statement.
      while (looking.size > 0) await Promise.allSettled(looking);
      for (const load of loads) await load.rollback();
      loads.clear();
      for (const client of open) await client.close();
      open.clear();
    },
  };
}
