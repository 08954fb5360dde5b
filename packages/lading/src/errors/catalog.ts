import type { CatalogEntry } from "./catalog-entry.ts";
import { httpCatalog } from "./http-catalog.ts";

export type { CatalogEntry };

/**
 * Every error that Lading throws, by its permanent code. A code is never renamed and never used for something else.
 * `lading explain CODE` prints an entry.
 */
export const catalog = {
  // --- Settings
  CONFIG_MISSING: {
    title: "A setting has no value",
    hint: "Set it in one of the places listed, or pass it in code.",
    transient: false,
  },
  CONFIG_INVALID: {
    title: "A setting has a value that cannot be used",
    hint: "Change the value at the place named.",
    transient: false,
  },
  CONFIG_SECRET_IN_PLAIN_FILE: {
    title: "A secret stands in a file that is not for secrets",
    hint: "Move it to .dlt/secrets.toml, or into the environment, and replace it if the file was ever shared.",
    transient: false,
  },
  CONFIG_FILE_INVALID: {
    title: "A settings file cannot be read",
    hint: "Mend the file at the line and column named. Its content is not shown, as secrets may stand there.",
    transient: false,
  },
  VAULT_FAILED: {
    title: "A vault could not be asked for settings",
    hint: "Ask it by hand to see why; what its command prints to stderr is not shown, as secrets may stand there.",
    transient: true,
  },
  VAULT_INVALID: {
    title: "A vault answered something that is no table of settings",
    hint: "It must be a table as in secrets.toml. It is not shown, as secrets may stand there.",
    transient: false,
  },
  INVALID_ARGUMENT: {
    title: "Something was passed that cannot be used",
    hint: "See the message for what is accepted.",
    transient: false,
  },
  // --- Extraction
  RESOURCE_FAILED: {
    title: "A resource threw an error while it was read",
    hint: "The cause is attached. What was read before is kept; the next run goes on from there.",
    transient: false,
  },
  ROW_INVALID: {
    title: "A row holds something that is no data",
    hint: "Map the row to plain data: text, numbers, bigint, booleans, Date, Uint8Array, lists and objects of them.",
    transient: false,
  },
  // --- Resources: validation and cursors
  VALIDATION_FAILED: {
    title: "A row is not what its schema says",
    hint: "Correct the schema, or map or filter such rows before it. `details.issues` lists what is wrong and where.",
    transient: false,
  },
  CURSOR_MISSING: {
    title: "A row has no value where the cursor of its resource should be",
    hint: 'Check the cursor path, or say what to do with such rows: `onCursorValueMissing: "include"` or `"exclude"`.',
    transient: false,
  },
  CURSOR_INVALID: {
    title: "A cursor has a value that cannot be compared with the one before",
    hint: "Give initialValue and endValue the type that the rows have: a text, a number or a Date.",
    transient: false,
  },
  CURSOR_KEY_MISSING: {
    title: "A row lacks a field of the key by which repeated rows are known",
    hint: "Check the primary key, or give `incremental` one of its own; `primaryKey: []` turns this off.",
    transient: false,
  },
  // --- Names, schema and values
  NAME_EMPTY: {
    title: "A name is empty",
    hint: "Give the table, column or schema a name with at least one letter or digit.",
    transient: false,
  },
  NAMING_CHANGED: {
    title: "Tables that have rows would get other names by another naming convention",
    hint: "Keep to the convention that the schema has, load into another dataset, or allow it with schema.allow_identifier_change_on_table_with_data.",
    transient: false,
  },
  NAMES_COLLIDE: {
    title: "Two names of tables or columns are one to the destination",
    hint: "Rename one of them at the source (map), or choose a naming convention that does not tell capitals apart, such as snake_case.",
    transient: false,
  },
  NAME_TOO_LONG: {
    title: "A name is longer than the destination takes",
    hint: "Give the table or column a shorter name.",
    transient: false,
  },
  CANNOT_COERCE: {
    title: "A value does not fit its column, and its variant column does not take it either",
    hint: "Change the value, or the declared type of the column.",
    transient: false,
  },
  NULL_NOT_ALLOWED: {
    title: "A column that must have a value has none",
    hint: "Make the column nullable, or filter such rows out.",
    transient: false,
  },
  COLUMN_WITHOUT_TYPE: {
    title: "A column that must have a value was declared but never seen",
    hint: "Check the name of the column (a primary key that no row has?), or make it nullable.",
    transient: false,
  },
  SCHEMA_CONFLICT: {
    title: "Two declarations of a table contradict each other",
    hint: "Declare the table's parent and the types of its columns once.",
    transient: false,
  },
  CONTRACT_VIOLATED: {
    title: "Data would change a schema that its contract freezes",
    hint: "Change the data, or let the contract evolve (or discard) what is new. `details` names table, column and row.",
    transient: false,
  },
  HINT_UNSUPPORTED: {
    title: "Something was declared that this version cannot do",
    hint: "Leave the declaration out, or load this resource with dlt until Lading can do it.",
    transient: false,
  },
  SCHEMA_FILE_INVALID: {
    title: "A schema file cannot be taken over",
    hint: "Mend the file at the place named; without it, the schema is taken as the destination has it.",
    transient: false,
  },
  SCHEMA_ENGINE: {
    title: "The stored schema was written by another version",
    hint: "Load with dlt 1.x once to upgrade the stored schema, or update Lading.",
    transient: false,
  },
  // --- JSON
  JSON_INVALID: {
    title: "A text is not valid JSON",
    hint: "See the position in the message; the server may have sent an error page instead.",
    transient: false,
  },
  // --- Package and working folder
  PACKAGE_CORRUPT: {
    title: "A load package cannot be read",
    hint: "Run with --fresh (`fresh: true`): it is set aside, and the source is read again. Nothing of it was loaded.",
    transient: false,
  },
  PACKAGE_ELSEWHERE: {
    title: "A package that waits was made for another kind of destination than the pipeline has now",
    hint: "Load it with the former destination first; or give it up, with `abortPackages()` or by a run with --fresh (`fresh: true`).",
    transient: false,
  },
  PIPELINE_LOCKED: {
    title: "Another run of this pipeline is at work",
    hint: "Wait for it to end, or end it. The message says which process it is.",
    transient: true,
  },
  UNFINISHED_WORK: {
    title: "An earlier run of this pipeline is not finished",
    hint: "Run the pipeline, which finishes it first; or run it with --fresh (`fresh: true`), which drops what was read.",
    transient: false,
  },
  DISK_FULL: {
    title: "There is no space left on the disk",
    hint: "Free some space and run again: the run goes on from its last checkpoint.",
    transient: true,
  },
  DISK_LOW: {
    title: "Less space is free on the disk of the working folder than a run must have",
    hint: "Free some space there, or lower the limit (`minFreeDisk`, setting runtime.min_free_disk, in bytes). What was read is kept; the next run goes on from there.",
    transient: true,
  },
  WORKING_FOLDER: {
    title: "The working folder cannot be written",
    hint: "Make the folder writable, or set LADING_HOME to another one.",
    transient: false,
  },
  // --- Databases to read from
  SOURCE_MISSING_DRIVER: {
    title: "The driver of the database to read from is not installed",
    hint: "Install the package named in the message.",
    transient: false,
  },
  SOURCE_UNREACHABLE: {
    title: "The database to read from cannot be reached",
    hint: "Check host, port and network, and that the server is up; then run again: it goes on where it stopped.",
    transient: true,
  },
  SOURCE_UNAUTHORIZED: {
    title: "The database to read from does not accept the user, or does not let it read",
    hint: "Check the credentials, and grant the user the right to read (USAGE on the schema, SELECT on the table).",
    transient: false,
  },
  SOURCE_NOT_FOUND: {
    title: "The database to read from, or something in it, is not there",
    hint: "Check the names, and that the user may see them. Upper and lower case count.",
    transient: false,
  },
  SOURCE_FAILED: {
    title: "The database to read from refused a statement",
    hint: "The cause is attached. What was read before is kept; the next run goes on from there.",
    transient: false,
  },
  // --- Destination
  DESTINATION_MISSING_DRIVER: {
    title: "The driver of the destination is not installed",
    hint: "Install the package named in the message.",
    transient: false,
  },
  DESTINATION_LOCKED: {
    title: "The database is in use by another process",
    hint: "Close the other program, then run again: the package is kept and is loaded then.",
    transient: true,
  },
  DESTINATION_PATH: {
    title: "The path of the database leads nowhere",
    hint: "Correct the path, or make the folder that it names. What was read is kept.",
    transient: false,
  },
  DESTINATION_CORRUPT: {
    title: "The file is no database, or a damaged one",
    hint: "Check the path, or restore the file from a copy. The package is kept.",
    transient: false,
  },
  DESTINATION_READ_ONLY: {
    title: "The database cannot be opened for writing",
    hint: "Make the file and its folder writable, or choose another path. The package is kept.",
    transient: false,
  },
  DESTINATION_NEWER: {
    title: "The database was written by a newer version of the engine",
    hint: "Update @duckdb/node-api, or export the data with the newer version. The package is kept.",
    transient: false,
  },
  DESTINATION_UNREACHABLE: {
    title: "The database cannot be reached",
    hint: "Check host, port and network, and that the server is up; then run again: the package is kept and is loaded then.",
    transient: true,
  },
  DESTINATION_UNAUTHORIZED: {
    title: "The database does not accept the user or the password",
    hint: "Check the credentials. The package is kept and is loaded with the next run.",
    transient: false,
  },
  DESTINATION_FAILED: {
    title: "The destination refused a statement",
    hint: "The cause is attached. The package is kept and is loaded with the next run.",
    transient: false,
  },
  TABLE_CHANGED: {
    title: "A table in the destination was changed so that rows do not fit it",
    hint: "Undo the change; the package is kept and is loaded with the next run.",
    transient: false,
  },
  TABLE_TOO_WIDE: {
    title: "A table has more columns, or a row more data, than the destination takes",
    hint: "Keep what is nested as JSON (maxTableNesting), or leave fields out; then run with --fresh (`fresh: true`).",
    transient: false,
  },
  DISPOSITION_UNSUPPORTED: {
    title: "The destination cannot write a table in the way asked for",
    hint: "Choose another write disposition or strategy.",
    transient: false,
  },
  DISPOSITION_INVALID: {
    title: "A write disposition contradicts itself, or its table lacks what it needs",
    hint: "Correct the write disposition, or declare what it needs: a primary key for one.",
    transient: false,
  },
  DROP_UNSUPPORTED: {
    title: "The destination cannot drop or empty tables",
    hint: "Take the tables away there by hand, and run without refresh; a destination of one's own may have `removeTables`.",
    transient: false,
  },
  CONFLICT: {
    title: "Someone else loaded this pipeline in the meantime",
    hint: "Run with --fresh (`fresh: true`): this package is set aside, and the source is read from where the other load stopped.",
    transient: false,
  },
  // --- Command line
  USAGE: {
    title: "The command was given something that it does not take",
    hint: "See `lading --help`.",
    transient: false,
  },
  FILE_NOT_FOUND: {
    title: "A file that was named cannot be read",
    hint: "Check the path.",
    transient: false,
  },
  DOCUMENT_INVALID: {
    title: "A pipeline document is not valid",
    hint: "Mend the document at the place named.",
    transient: false,
  },
  MODULE_FAILED: {
    title: "A pipeline file cannot be loaded",
    hint: "The cause is attached: it was thrown by the file itself, or by something that it imports.",
    transient: false,
  },
  NO_PIPELINE: {
    title: "A file exports no pipeline, or several",
    hint: "Export one: `export default pipeline({ … })`; or choose one with --pipeline.",
    transient: false,
  },
  PIPELINE_NOT_FOUND: {
    title: "No pipeline of this name has run here",
    hint: "Check the name, and that this is the project's folder (or set LADING_HOME).",
    transient: false,
  },
  PACKAGE_NOT_FOUND: {
    title: "No load package of this pipeline has that load id",
    hint: "See `lading pipeline NAME load-package --all` for those that are here.",
    transient: false,
  },
  CONNECTORS_MISSING: {
    title: "The package with the connectors is not installed",
    hint: "Install it: npm install @lading/connectors",
    transient: false,
  },
  ...httpCatalog,
  // --- Dataset
  INTEGER_TOO_LARGE: {
    title: "An integer in the data is beyond what a number can hold exactly",
    hint: 'Cast the column to varchar in SQL, or read the dataset with `integers: "bigint"`.',
    transient: false,
  },
  // --- Running
  ABORTED: {
    title: "The run was stopped",
    hint: "Run again: it goes on from its last checkpoint.",
    transient: true,
  },
} as const satisfies Record<string, CatalogEntry>;

export type ErrorCode = keyof typeof catalog;
