import type { CatalogEntry } from "./catalog-entry.ts";

/** What can go wrong between Lading and an API: the part of the catalog that is about HTTP and the REST source. */
export const httpCatalog = {
  // --- HTTP
  HTTP_UNAUTHORIZED: {
    title: "The server does not accept the credentials (401)",
    hint: "Check the credentials, and the kind of auth that the API asks for.",
    transient: false,
  },
  HTTP_FORBIDDEN: {
    title: "The server knows the credentials and refuses the request (403)",
    hint: "Give the API user the permission for this endpoint; an allow-list of IP addresses can be the reason too.",
    transient: false,
  },
  HTTP_NOT_FOUND: {
    title: "The server has nothing at this address (404)",
    hint: "Check the base URL and the path.",
    transient: false,
  },
  HTTP_RATE_LIMITED: {
    title: "The server still refuses the request because there were too many (429)",
    hint: "Run again later: it goes on from its last checkpoint.",
    transient: true,
  },
  HTTP_CLIENT_ERROR: {
    title: "The server refuses the request (4xx)",
    hint: "The server's answer is quoted in the message; check path, params and body.",
    transient: false,
  },
  HTTP_SERVER_ERROR: {
    title: "The server failed, again and again (5xx)",
    hint: "Run again later: it goes on from its last checkpoint.",
    transient: true,
  },
  HTTP_CONNECTION: {
    title: "There is no connection to the server",
    hint: "Check the host name and port, and that the network and the server are up.",
    transient: true,
  },
  HTTP_TIMEOUT: {
    title: "The server took too long",
    hint: "Run again later, ask for smaller pages, or raise the timeout named in the message.",
    transient: true,
  },
  HTTP_TRUNCATED: {
    title: "The answer was cut off",
    hint: "Run again later, or ask for smaller pages.",
    transient: true,
  },
  HTTP_ENCODING: {
    title: "The answer is packed in a way that cannot be unpacked",
    hint: "Ask the server for gzip, deflate, br or no compression (header Accept-Encoding).",
    transient: false,
  },
  HTTP_NOT_JSON: {
    title: "The answer is not JSON",
    hint: "Check the base URL and the path: it may be a page for people. The beginning of the answer is in the message.",
    transient: false,
  },
  HTTP_BODY_TOO_LARGE: {
    title: "The answer is larger than the limit",
    hint: "Ask for smaller pages, or raise maxBodyBytes.",
    transient: false,
  },
  HTTP_TOO_MANY_REDIRECTS: {
    title: "The server redirects again and again",
    hint: "Set the base URL to the address that answers.",
    transient: false,
  },
  HTTP_REDIRECT_REFUSED: {
    title: "A redirect is not followed",
    hint: "Set the base URL or path to the address named in the message, if you trust it.",
    transient: false,
  },
  HTTP_FOREIGN_ORIGIN: {
    title: "A link leads to another origin, where the credentials do not belong",
    hint: "If you trust it, list the origin in the client's allowedOrigins.",
    transient: false,
  },
  SELECTOR_NO_MATCH: {
    title: "A data selector finds nothing in the answer",
    hint: "Choose one of the keys named in the message; if the key may really be missing, set allowMissing.",
    transient: false,
  },
  PAGE_REPEATED: {
    title: "The server sends the same page again",
    hint: "The API may ignore the paging parameter: check the paginator's kind and the names of its parameters.",
    transient: false,
  },
  PAGINATOR_FAILED: {
    title: "The next page cannot be found from this one",
    hint: "Check the paginator's paths against the answer.",
    transient: false,
  },
  // --- REST source
  REST_CONFIG_INVALID: {
    title: "The configuration of a REST source is not valid",
    hint: "Mend the places named in the message.",
    transient: false,
  },
  REST_PARENT_FIELD_MISSING: {
    title: "A parent's row lacks a field that its child's request needs",
    hint: "Choose a field that every row has, or filter the others out in the parent's processing steps.",
    transient: false,
  },
} as const satisfies Record<string, CatalogEntry>;
