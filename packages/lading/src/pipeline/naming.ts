import type { Config } from "../config/config.ts";
import { readSetting } from "../config/read-setting.ts";
import { cachedNames, type Names } from "../normalize/names.ts";
import type { Source } from "../resource/source.ts";
import { changeNaming } from "../schema/change-naming.ts";
import { createNaming, type NamingConvention, type OwnConvention } from "../schema/naming/index.ts";
import { cloneSchema, type NormalizersConfig, type Schema } from "../schema/schema.ts";
import type { PipelineParts } from "./run-options.ts";

/** What code, settings and the destination say of names; the stored schema has a say where they are silent. */
export interface NamingChoice {
  readonly asked: string | OwnConvention | undefined;
  /** `undefined`: no limit. */
  readonly maxLength: number | undefined;
  /** What {@link maxLength} counts. */
  readonly unit: "characters" | "bytes" | undefined;
  /** Names that no column can have. */
  readonly reservedColumns: readonly string[] | undefined;
  /** Settings that are stored in the schema, as far as they are set. */
  readonly stored: Pick<
    NormalizersConfig,
    "allow_identifier_change_on_table_with_data" | "use_break_path_on_normalize"
  >;
}

const fallback = "snake_case";

/**
 * The naming convention that is asked for: by the pipeline, its source, the setting `schema.naming` (also of the source
 * alone), or the destination, in this order (spec dlt-core 1.4).
 *
 * @param schemaName the section of the source's settings
 * @throws LadingError INVALID_ARGUMENT, CONFIG_INVALID
 */
export function chooseNaming(
  { naming, source, destination }: Pick<PipelineParts, "naming" | "destination"> & { readonly source: Source },
  config: Config,
  schemaName: string,
): NamingChoice {
  const { capabilities } = destination;
  const sections = ["sources", schemaName];
  const configured = readSetting(config, "schema.naming", "text", sections);
  const allows = readSetting(config, "schema.allow_identifier_change_on_table_with_data", "bool", sections);
  const breaks = readSetting(config, "schema.use_break_path_on_normalize", "bool", sections);
  const asked = naming ?? source.naming ?? (configured === "" ? undefined : configured) ?? capabilities.naming;
  const choice: NamingChoice = {
    asked,
    maxLength: capabilities.maxIdentifierLength,
    unit: capabilities.identifierUnit,
    reservedColumns: capabilities.reservedColumns,
    stored: {
      ...(allows !== undefined && { allow_identifier_change_on_table_with_data: allows }),
      ...(breaks !== undefined && { use_break_path_on_normalize: breaks }),
    },
  };
  // A name that there is not is told before anything is opened.
  if (asked !== undefined) createNaming(asked);
  return choice;
}

/** The convention's name in a schema that is not stored yet. */
export function newNaming({ asked = fallback }: NamingChoice): string {
  return typeof asked === "string" ? asked : asked.name;
}

/**
 * Names as a schema wants them.
 *
 * @param schema the stored one; none: nothing is stored yet
 * @throws LadingError INVALID_ARGUMENT where the stored convention is one of somebody's own that code does not give
 */
export function namesFor(choice: NamingChoice, schema?: Schema): Names {
  const config = { ...schema?.normalizers, ...choice.stored };
  return cachedNames(conventionFor(choice, schema), config, choice.reservedColumns);
}

function conventionFor({ asked, maxLength, unit }: NamingChoice, schema?: Schema): NamingConvention {
  return createNaming(asked ?? schema?.normalizers.names ?? fallback, maxLength, unit);
}

/**
 * A stored schema as the choice wants it: what is set of names is put into it, and where the convention is another one, all
 * names are made anew.
 *
 * @throws LadingError NAMING_CHANGED, INVALID_ARGUMENT
 */
export function withNaming(choice: NamingChoice, schema: Schema): Schema {
  const set = cloneSchema(schema);
  Object.assign(set.normalizers, choice.stored);
  if (choice.asked === undefined || newNaming(choice) === set.normalizers.names) return set;
  return changeNaming(set, conventionFor(choice), set.normalizers.allow_identifier_change_on_table_with_data === true);
}
