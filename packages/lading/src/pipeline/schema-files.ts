import { join, resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { LadingError } from "../errors/index.ts";
import type { Disk } from "../load-package/disk.ts";
import { schemaFileName, schemaFromYaml, schemaToYaml, withoutMarks } from "../schema/schema-file.ts";
import { cloneSchema, hasSeenData, type Schema } from "../schema/schema.ts";
import { rememberHash } from "../schema/version.ts";
import { schemaFromText } from "../schema/wire.ts";

/** Where a pipeline's schemas stand as files for people. */
export interface SchemaFolders {
  /** Files that a person edits; the first run writes them. */
  readonly import: string | undefined;
  /** Files that show the schemas as they were loaded. */
  readonly export: string | undefined;
}

interface Given {
  readonly importSchemaPath: string | undefined;
  readonly exportSchemaPath: string | undefined;
}

/**
 * The folders: the options, else the settings `import_schema_path` and `export_schema_path`; relative ones begin in the
 * project. Throws `CONFIG_INVALID`, `INVALID_ARGUMENT`.
 */
export function schemaFolders(given: Given, config: Config, project: string): SchemaFolders {
  const format = config.get("schema.external_schema_format");
  if (format !== undefined && format !== "yaml") {
    throw new LadingError("CONFIG_INVALID", `schema.external_schema_format is ${JSON.stringify(format)}.`, {
      hint: 'Leave the setting out, or set it to "yaml": no other format is written or read.',
    });
  }
  const folder = (path: string | undefined, setting: string): string | undefined => {
    const value = path ?? config.get(setting);
    return typeof value === "string" && value !== "" ? resolve(project, value) : undefined;
  };
  const folders: SchemaFolders = {
    import: folder(given.importSchemaPath, "import_schema_path"),
    export: folder(given.exportSchemaPath, "export_schema_path"),
  };
  if (folders.import !== undefined && folders.import === folders.export) {
    throw new LadingError(
      "INVALID_ARGUMENT",
      `Schemas are imported from and exported to the same folder, ${folders.import}.`,
      {
        hint: "Choose two folders: what a person edits in the one would be taken for what was loaded, and the reverse.",
      },
    );
  }
  return folders;
}

/** The schema in the import folder; `undefined` where there is none. Throws `SCHEMA_FILE_INVALID`, `SCHEMA_ENGINE`. */
export async function importedSchema(disk: Disk, folders: SchemaFolders, name: string): Promise<Schema | undefined> {
  if (folders.import === undefined) return undefined;
  const path = join(folders.import, schemaFileName(name));
  const text = await disk.readText(path);
  return text === undefined ? undefined : schemaFromYaml(text, name, path);
}

/** A schema to begin with, and what to tell the user. */
export interface TakenOver {
  readonly schema: Schema;
  readonly warning?: string;
}

/**
 * Lets the imported schema take the place of the stored one where it was edited since (spec dlt-core 4.8). A file that
 * is nothing but the stored schema was not edited, whatever the link to it says.
 * @param stored what the destination has; `undefined` where it has none
 * @throws LadingError SCHEMA_FILE_INVALID
 */
export function takeOver(stored: Schema | undefined, imported: Schema, naming: string): TakenOver {
  if (imported.normalizers.names !== naming) {
    throw new LadingError(
      "SCHEMA_FILE_INVALID",
      `The imported schema "${imported.name}" was made with the naming convention "${imported.normalizers.names}"; the pipeline has "${naming}".`,
      { hint: "Set schema.naming to that of the file, or mend `normalizers.names` there." },
    );
  }
  const schema = cloneSchema(imported);
  const hash = imported.versionHash!;
  schema.importedVersionHash = hash;
  if (stored === undefined) return { schema };
  const isEdited =
    stored.importedVersionHash !== hash && withoutMarks(stored).versionHash !== withoutMarks(imported).versionHash;
  if (!isEdited) return { schema: stored };
  if (stored.versionHash !== undefined && stored.versionHash !== hash) rememberHash(schema, stored.versionHash);
  const known = [...stored.tables.values()].filter(hasSeenData).map(({ name }) => name);
  const gone = known.filter((name) => !imported.tables.has(name));
  return {
    schema,
    warning: [
      `The schema "${schema.name}" was edited in the import folder, and takes the place of the one in the destination.`,
      ...(gone.length === 0 ? [] : [`Tables that are there and not in it are forgotten: ${gone.join(", ")}.`]),
    ].join(" "),
  };
}

/** The file that a first run puts into the import folder, and the hash that the schema is linked to it by. */
export interface FirstImport {
  readonly text: string;
  readonly hash: string;
}

/** What to write where the import folder does not have the schema yet: what was declared, and no marks. */
export async function firstImport(
  disk: Disk,
  folders: SchemaFolders,
  declared: Schema,
): Promise<FirstImport | undefined> {
  if (folders.import === undefined) return undefined;
  const path = join(folders.import, schemaFileName(declared.name));
  if ((await disk.lengthOf(path)) !== undefined) return undefined;
  const bare = withoutMarks(declared);
  return { text: await schemaToYaml(bare), hash: bare.versionHash! };
}

/** Puts what {@link firstImport} made into the import folder, where nothing is there yet. */
export async function writeImport(disk: Disk, folders: SchemaFolders, schema: string, text: string): Promise<void> {
  if (folders.import === undefined) return;
  const path = join(folders.import, schemaFileName(schema));
  if ((await disk.lengthOf(path)) === undefined) await write(disk, path, text);
}

/** Writes a schema into the export folder, where one is named. `stored`: in stored form. */
export async function exportSchema(disk: Disk, folders: SchemaFolders, stored: string): Promise<void> {
  if (folders.export === undefined) return;
  const schema = schemaFromText(stored);
  const path = join(folders.export, schemaFileName(schema.name));
  const text = await schemaToYaml(schema);
  if ((await disk.readText(path)) !== text) await write(disk, path, text);
}

async function write(disk: Disk, path: string, text: string): Promise<void> {
  await disk.makeFolder(join(path, ".."));
  await disk.replaceFile(path, text);
}
