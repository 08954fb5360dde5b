import { setTimeout as wait } from "node:timers/promises";
import { Failure } from "./failure.mjs";
import { startPostgres } from "./postgres-server.mjs";

/** How often a server is started before it counts as one that does not come back. */
const maxStarts = 20;

/**
 * A PostgreSQL server that can be killed while a run goes on. It writes to the disk as a server should.
 * @param {{ signal: AbortSignal }} options
 */
export async function mortalServer({ signal }) {
  const server = await startPostgres({ settings: { fsync: "on", max_wal_size: "256MB" }, signal });

  async function start() {
    for (let attempt = 1; ; attempt++) {
      try {
        await server.start();
        return;
      } catch (error) {
        // What is left of the one that was killed may hold its memory for a moment.
        if (attempt === maxStarts || signal.aborted) throw new Failure("The server does not start again.", "", error);
        await wait(250);
      }
    }
  }

  return {
    url: server.url,
    stop: () => server.stop(),
    /**
     * Kills the server so many milliseconds after a run has begun, unless it has ended, and starts it again.
     * @returns {Promise<boolean>} whether it was killed
     */
    async killDuring(run, after) {
      const ended = new AbortController();
      const over = run.finally(() => ended.abort()).catch(() => {});
      const isDue = await wait(after, true, { signal: ended.signal }).catch(() => false);
      if (isDue) {
        await server.kill();
        await start();
      }
      await over;
      return isDue;
    },
  };
}
