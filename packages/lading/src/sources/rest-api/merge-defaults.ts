import type { ColumnHints } from "../../resource/index.ts";
import type { EndpointConfig, ResourceConfig, ResourceDefaults } from "./config.ts";
import type { CheckedResource } from "./read-config.ts";

type Columns = NonNullable<ResourceConfig["columns"]>;

/**
 * A resource with the defaults filled in (spec dlt-rest 1.7): what the resource says wins; params, headers, json and columns
 * are merged key by key, and a key that is `null` is taken away.
 */
export function mergeDefaults(defaults: ResourceDefaults, resource: CheckedResource): CheckedResource {
  const columns = mergeColumns(defaults.columns, resource.columns);
  return {
    ...defaults,
    ...resource,
    endpoint: mergeEndpoints(defaults.endpoint ?? {}, resource.endpoint ?? {}),
    ...(columns === undefined ? {} : { columns }),
  };
}

function mergeEndpoints(defaults: EndpointConfig, own: EndpointConfig): EndpointConfig {
  const { path: _path, ...inherited } = defaults;
  const params = mergeKeys(inherited.params, own.params);
  const headers = mergeKeys(inherited.headers, own.headers);
  const json = mergeKeys(inherited.json, own.json);
  return {
    ...inherited,
    ...own,
    ...(params === undefined ? {} : { params }),
    ...(headers === undefined ? {} : { headers }),
    ...(json === undefined ? {} : { json }),
  };
}

/** Only keys that the defaults have are taken away by null: any other null is the user's own value. */
function mergeKeys<Value>(
  defaults: Readonly<Record<string, Value>> | undefined,
  own: Readonly<Record<string, Value>> | undefined,
): Readonly<Record<string, Value>> | undefined {
  if (defaults === undefined || own === undefined) return own ?? defaults;
  const merged = { ...defaults, ...own };
  return Object.fromEntries(
    Object.entries(merged).filter(([key, value]) => value !== null || !Object.hasOwn(defaults, key)),
  );
}

function mergeColumns(defaults: Columns | undefined, own: Columns | undefined): Columns | undefined {
  if (defaults === undefined || own === undefined) return own ?? defaults;
  const merged: Record<string, ColumnHints> = { ...byName(defaults) };
  for (const [name, hints] of Object.entries(byName(own))) merged[name] = { ...merged[name], ...hints };
  return merged;
}

function byName(columns: Columns): Readonly<Record<string, ColumnHints>> {
  if (!Array.isArray(columns)) return columns as Readonly<Record<string, ColumnHints>>;
  return Object.fromEntries((columns as readonly ColumnHints[]).map((column) => [column.name ?? "", column]));
}
