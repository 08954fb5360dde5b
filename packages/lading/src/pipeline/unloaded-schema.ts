import { join } from "node:path";
import type { Disk } from "../load-package/disk.ts";
import type { Schema } from "../schema/schema.ts";
import { schemaFromText, schemaToText } from "../schema/wire.ts";

const fileName = "unloaded-schema.json";

/** By the name of the schema. */
type Kept = Readonly<
  Record<
    string,
    {
      /** The newest schema of the destination that it was made from. */
      readonly base: string | null;
      readonly schema: string;
    }
  >
>;

/**
 * Keeps a schema in which something was declared anew though no row came to be loaded with it. dlt keeps it on this
 * machine too, and its versions count: the history of hashes of the next load shows them. Nothing else relies on it.
 */
export async function keepUnloadedSchema(
  disk: Disk,
  folder: string,
  base: string | undefined,
  schema: Schema,
): Promise<void> {
  const kept: Kept = {
    ...(await readKept(disk, folder)),
    [schema.name]: { base: base ?? null, schema: schemaToText(schema) },
  };
  await disk.replaceFile(join(folder, fileName), `${JSON.stringify(kept)}\n`);
}

/** The schema that was kept, where the destination's is still the one that it was made from. */
export async function unloadedSchema(
  disk: Disk,
  folder: string,
  name: string,
  base: string | undefined,
): Promise<Schema | undefined> {
  const kept = await readKept(disk, folder);
  const own = Object.hasOwn(kept, name) ? kept[name] : undefined;
  if (own === undefined || own.base !== (base ?? null)) return undefined;
  try {
    return schemaFromText(own.schema);
  } catch {
    // Only its versions are lost with it.
    return undefined;
  }
}

async function readKept(disk: Disk, folder: string): Promise<Kept> {
  const text = await disk.readText(join(folder, fileName));
  if (text === undefined) return {};
  try {
    const kept: unknown = JSON.parse(text);
    return typeof kept === "object" && kept !== null && !Array.isArray(kept) ? (kept as Kept) : {};
  } catch {
    return {};
  }
}
