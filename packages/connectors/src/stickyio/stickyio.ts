import { type Resource, secret, type Source } from "lading";
import { restApi, type EndpointConfig } from "lading/sources/rest-api";
import { baseUrlFrom, baseUrlOf, type StickyIoOptions } from "./options.ts";
import type { Bundle, Customer, Order, Product, Subscription } from "./rows.ts";

/** The source, with its tables and what is in them. */
export type StickyIoSource = Source<
  "stickyio",
  readonly [
    Resource<"orders", Order>,
    Resource<"products", Product>,
    Resource<"customers", Customer>,
    Resource<"subscriptions", Subscription>,
    Resource<"product_bundle_index", Bundle>,
  ]
>;

/**
 * Loads orders, products, customers, subscriptions and bundles of Sticky.io, each merged by its `id`.
 *
 * Throws `INVALID_ARGUMENT` where `appKey` and `baseUrl` are both given, or `appKey` is no name.
 * @example `pipeline({ name: "shop", source: stickyio({ appKey: "acme" }), destination: duckdb() })`
 */
export function stickyio(options: StickyIoOptions = {}): StickyIoSource {
  const baseUrl = baseUrlOf(options);
  if (baseUrl !== undefined) return sourceAt(baseUrl, options);
  const source = sourceAt("https://unset.invalid/v2/", options);
  const resources = source.resources.map((resource, place) => ({
    ...resource,
    pages: (context: Parameters<typeof resource.pages>[0]) =>
      (sourceAt(baseUrlFrom(context.config), options).resources[place] as Resource).pages(context),
  }));
  return { ...source, resources: resources as unknown as StickyIoSource["resources"] };
}

/** The API's links to the next page forget what was searched for. */
const byNumber = { type: "page_number", basePage: 1, totalPath: "last_page" } as const;

function sourceAt(baseUrl: string, options: StickyIoOptions): StickyIoSource {
  const { username = secret("api_username"), password = secret("api_password"), incremental = false } = options;
  const paginator = { type: "json_link", nextUrlPath: "next_page_url" } as const;
  const list = (path: string): EndpointConfig => ({ path, dataSelector: "data", paginator });
  const changing = (path: string, cursorPath: string): EndpointConfig =>
    incremental
      ? { ...list(path), paginator: byNumber, incremental: { cursorPath, startParam: "search[updated_at]" } }
      : list(path);
  const source = restApi({
    name: "stickyio",
    client: { baseUrl, auth: { type: "http_basic", username, password } },
    resourceDefaults: { primaryKey: "id", writeDisposition: "merge" },
    resources: [
      { name: "orders", endpoint: changing("orders", "updated_at.date") },
      // Few, and without a time while they never changed.
      { name: "products", endpoint: list("products") },
      { name: "customers", endpoint: changing("customers", "updated_at") },
      { name: "subscriptions", endpoint: changing("subscriptions", "updated_at") },
      {
        name: "product_bundle_index",
        // All bundles come at once.
        endpoint: {
          path: "product_bundle_index",
          method: "POST",
          json: {},
          dataSelector: "data",
          paginator: { type: "single_page" },
        },
      },
    ],
  });
  // The API has no schema to check its rows against: that they are as described is taken on trust.
  return source as unknown as StickyIoSource;
}
