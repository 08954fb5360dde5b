import { LadingError } from "../../errors/index.ts";
import type { DestinationClient } from "../destination.ts";
import { beginCustomLoad, type CustomLoadOptions } from "./load-transaction.ts";

/** A client of a destination of one's own. Nothing is open, so there is nothing to close. */
export function customClient(options: CustomLoadOptions): DestinationClient {
  const { name, ledger } = options;
  return {
    async readState() {
      return (await ledger.committed()).state ?? undefined;
    },
    async readSchema(schema) {
      const { schemas } = await ledger.committed();
      return Object.hasOwn(schemas, schema) ? schemas[schema] : undefined;
    },
    async isLoaded({ loadId }) {
      return (await ledger.committed()).loads.includes(loadId);
    },
    async lastLoadId() {
      return (await ledger.committed()).loads.at(-1);
    },
    begin: (load) => beginCustomLoad(options, load),
    reader() {
      throw new LadingError("INVALID_ARGUMENT", `Nothing can be read from "${name}": its function only takes rows.`, {
        hint: "Read them where they went, or load them into a database as well.",
      });
    },
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
