import type { Capabilities } from "../destination/capabilities.ts";
import { LadingError } from "../errors/index.ts";
import { isComplete, isSystemTable, type Schema } from "../schema/schema.ts";
import { codePointLength } from "../util/python.ts";

/**
 * Checks the names of a schema against its destination: some tell no capitals apart, and a name may come from where longer ones
 * were taken (spec dlt-core 1.6). Asked before a package is sealed, so that what is left can be done anew under other names.
 *
 * @throws LadingError NAMES_COLLIDE, NAME_TOO_LONG
 */
export function checkIdentifiers(schema: Schema, capabilities: Capabilities): void {
  const tables = [...schema.tables.values()].filter(({ name }) => !isSystemTable(name));
  checkNames(
    "tables",
    tables.map(({ name }) => name),
    schema,
    capabilities,
  );
  for (const { name, columns } of tables) {
    const made = [...columns.values()].filter(isComplete).map((column) => column.name);
    checkNames(`columns of "${name}"`, made, schema, capabilities);
  }
}

function checkNames(
  what: string,
  names: readonly string[],
  schema: Schema,
  { maxIdentifierLength = Infinity, identifierCase = "sensitive" }: Capabilities,
): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const same = identifierCase === "sensitive" ? name : foldAscii(name);
    const other = seen.get(same);
    if (other !== undefined) {
      throw new LadingError(
        "NAMES_COLLIDE",
        `"${other}" and "${name}" are two ${what}, and one name to the destination, which tells no capitals apart.`,
        {
          hint: `The naming convention "${schema.normalizers.names}" keeps capitals. Rename one of them at the source (map()), or choose another convention; then run with --fresh (\`fresh: true\`).`,
          details: { names: [other, name] },
        },
      );
    }
    seen.set(same, name);
    if (codePointLength(name) <= maxIdentifierLength) continue;
    throw new LadingError(
      "NAME_TOO_LONG",
      `One of the ${what} has a name of ${codePointLength(name)} characters; the destination takes ${maxIdentifierLength}: "${name}".`,
      { details: { name, maxIdentifierLength } },
    );
  }
}

function foldAscii(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
