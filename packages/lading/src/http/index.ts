export { type ApiKeyOptions, apiKey, type Auth, type AuthContext, basic, bearer, type SecretText } from "./auth.ts";
export {
  createAgents,
  HttpClient,
  type PaginateOptions,
  type RequestOptions,
  type SingleRequestOptions,
} from "./client.ts";
export type { HttpClientOptions, RetryNotice } from "./client-options.ts";
export type { Agents } from "./exchange.ts";
export {
  type HttpMethod,
  type PageRequest,
  pageRequest,
  type PageRequestParts,
  type ParamValue,
} from "./page-request.ts";
export {
  auto,
  cursor,
  type CursorOptions,
  headerCursor,
  type HeaderCursorOptions,
  headerLink,
  type HeaderLinkOptions,
  jsonLink,
  type JsonLinkOptions,
  type NextRequest,
  offset,
  type OffsetOptions,
  type PageContent,
  pageNumber,
  type PageNumberOptions,
  type Paginator,
  type RangeStops,
  singlePage,
} from "./paginators/index.ts";
export { readAhead } from "./read-ahead.ts";
export { isSecretName } from "../config/secret-name.ts";
export { redactUrl } from "./redact.ts";
export type { HttpResponse } from "./response.ts";
export type { RetryPolicy } from "./retry-policy.ts";
export { compileSelector, select, selectFirst, type Selection, type Selector } from "./selector.ts";
export type { Timeouts } from "./timeouts.ts";
