import { tableNames, type TableName } from "./data/world.ts";

/** @returns the list that a path (without its query) stands for: `/v2/orders`, `/api/v2/orders`. */
export function route(path: string): TableName | undefined {
  return routes.get(path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path);
}

/** @returns the method that a list is asked for with. */
export function methodOf(table: TableName): "GET" | "POST" {
  return table === "product_bundle_index" ? "POST" : "GET";
}

// The bundles are documented as a call of version 1 (spec apis 2.2) and are served there too.
const routes: ReadonlyMap<string, TableName> = new Map([
  ...tableNames.flatMap((name): [string, TableName][] => [
    [`/v2/${name}`, name],
    [`/api/v2/${name}`, name],
  ]),
  ["/api/v1/product_bundle_index", "product_bundle_index"],
]);
