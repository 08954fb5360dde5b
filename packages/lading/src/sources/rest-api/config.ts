import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Secret } from "../../config/secret.ts";
import type { Auth, NextRequest, Paginator, ParamValue, RetryPolicy, SecretText, Timeouts } from "../../http/index.ts";
import type {
  CursorOptions,
  HeaderCursorOptions,
  HeaderLinkOptions,
  JsonLinkOptions,
  OffsetOptions,
  PageNumberOptions,
} from "../../http/index.ts";
import type { ResourceHints, SchemaContract, YieldedRows } from "../../resource/index.ts";
import type { Json } from "../../util/json-value.ts";
import type { EndpointIncremental, IncrementalParam } from "./endpoint-incremental.ts";
import type { RowType } from "./row-type.ts";

/**
 * A REST API as data: a client, and the resources that are read through it. The words are dlt's, in camelCase
 * (spec dlt-rest 1).
 */
export interface RestApiConfig {
  /** Name of the source: its section in the settings, and the schema's name. */
  readonly name: string;
  readonly client: ClientConfig;
  /** Holds for every resource that does not say otherwise; params, headers and json are merged key by key. */
  readonly resourceDefaults?: ResourceDefaults;
  /** A text is the name and the path. */
  readonly resources: readonly (string | ResourceConfig)[];
  readonly maxTableNesting?: number;
  readonly rootKey?: boolean;
  readonly schemaContract?: SchemaContract;
}

/** How the API is reached. */
export interface ClientConfig {
  /** Paths are appended to it. */
  readonly baseUrl: string;
  /** Sent with every request, to the API's own origin only. */
  readonly headers?: Readonly<Record<string, SecretText>>;
  readonly auth?: AuthConfig;
  readonly paginator?: PaginatorConfig;
  /** Other origins that links may lead to, and that get the credentials. */
  readonly allowedOrigins?: readonly string[];
  /** In milliseconds. */
  readonly timeouts?: Partial<Timeouts>;
  readonly retry?: Partial<RetryPolicy>;
  /** The largest answer, in bytes. Default: 256 MiB. */
  readonly maxBodyBytes?: number;
}

/**
 * Auth by kind. What is not given is looked up in the settings as dlt does: `sources.<name>.credentials.token`. A function
 * puts its own credentials into the request.
 */
export type AuthConfig =
  | "bearer"
  | "http_basic"
  | "api_key"
  | { readonly type?: "bearer"; readonly token?: SecretText }
  | { readonly type: "http_basic"; readonly username?: SecretText; readonly password?: SecretText }
  | {
      readonly type: "api_key";
      readonly apiKey?: SecretText;
      readonly name?: string;
      readonly location?: "header" | "query" | "param" | "cookie";
    }
  | Auth;

/** A paginator by kind, with its options; or an object or function of one's own. `auto` looks for links only. */
export type PaginatorConfig =
  | "auto"
  | "single_page"
  | "json_link"
  | "header_link"
  | "header_cursor"
  | "cursor"
  | "page_number"
  | { readonly type: "auto" | "single_page" }
  | ({ readonly type: "json_link" } & JsonLinkOptions)
  | ({ readonly type: "header_link" } & HeaderLinkOptions)
  | ({ readonly type: "header_cursor" } & HeaderCursorOptions)
  | ({ readonly type: "cursor" } & CursorOptions)
  | ({ readonly type: "page_number" } & PageNumberOptions)
  | ({ readonly type: "offset" } & OffsetOptions)
  | Paginator
  | NextRequest;

/** What resources share. */
export interface ResourceDefaults extends ResourceHints {
  readonly endpoint?: EndpointConfig;
  /** `false`: it is read for its children only, and not loaded. Default: `true`. */
  readonly selected?: boolean;
  /** Fields of the parent's row that are put into each row, as `_<parent>_<field>`. */
  readonly includeFromParent?: readonly string[];
  /** What is done with the rows of each page, in this order. */
  readonly processingSteps?: readonly ProcessingStep[];
}

/** One resource: a name, an endpoint, and how its table is written. */
export interface ResourceConfig extends Omit<ResourceDefaults, "endpoint"> {
  readonly name: string;
  /** A text is the path. Default: the name is the path. */
  readonly endpoint?: string | EndpointConfig;
  /** Checks and parses each row, after the processing steps: a schema of zod, valibot, arktype, … */
  readonly schema?: StandardSchemaV1;
  /** The type of the rows where there is no schema: `rowType<Product>()`. */
  readonly row?: RowType<unknown>;
}

/**
 * Where a resource is read. In `path`, `params`, `headers` and `json`, `{resources.<parent>.<field>}` stands for a field of
 * the parent's row, `{incremental.start_value}` for where the cursor begins; `{name}` in the path for a param of that name. Braces that mean themselves are doubled.
 */
export interface EndpointConfig {
  /** Default: the resource's name. An absolute http(s) URL is taken as it is. */
  readonly path?: string;
  /** Default: `GET`. */
  readonly method?: "GET" | "POST";
  readonly params?: Readonly<Record<string, ParamValue | Secret | IncrementalParam>>;
  readonly headers?: Readonly<Record<string, SecretText | null>>;
  readonly json?: { readonly [key: string]: Json };
  /** `null`: none, also where the client has one. */
  readonly auth?: AuthConfig | null;
  /** `null`: nothing set here or in the defaults; the client's is used. */
  readonly paginator?: PaginatorConfig | null;
  /** Where the rows are in the answer. Default: found by itself. */
  readonly dataSelector?: string | null;
  /** `true`: an answer in which the selector finds nothing is an empty page. Default: `false`, an error. */
  readonly allowMissing?: boolean;
  /** `true`: the same page twice in a row is no error. Default: `false`. */
  readonly allowRepeatedPages?: boolean;
  /** Reads only what is new. Its values stand in the request as `{incremental.start_value}`, or by `startParam`. */
  readonly incremental?: EndpointIncremental;
}

/** One step; with several, in this order: filter, map, yieldMap. */
export interface ProcessingStep {
  /** Keeps the rows for which it says yes. */
  filter?(row: Record<string, unknown>): unknown;
  /** Puts its result in the row's place. */
  map?(row: Record<string, unknown>): unknown;
  /** Puts the rows that it yields or returns in the row's place: none, one or several. */
  yieldMap?(row: Record<string, unknown>): YieldedRows<unknown>;
}
