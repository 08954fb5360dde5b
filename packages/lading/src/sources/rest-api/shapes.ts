import { dataTypes } from "../../schema/data-type.ts";
import { mergeStrategies, replaceStrategies } from "../../schema/merge-strategy.ts";
import { cardinalities } from "../../resource/hints.ts";
import { endpointIncremental, incrementalParam } from "./incremental-shape.ts";
import {
  at,
  callable,
  count,
  describe,
  flag,
  isObject,
  json,
  list,
  nullable,
  object,
  problem,
  type Reader,
  record,
  secretText,
  text,
  unsupported,
} from "./reader.ts";

/** By `type`: each kind has its own keys. A bare text is a kind without options. */
function tagged(
  what: string,
  kinds: Readonly<Record<string, Reader>>,
  options: { readonly bare: readonly string[]; readonly usual?: string; readonly own: (value: unknown) => boolean },
): Reader {
  const known = Object.keys(kinds);
  return (value, place) => {
    if (options.own(value)) return value;
    if (typeof value === "string") {
      if (options.bare.includes(value)) return value;
      if (known.includes(value)) return kinds[value]?.({ type: value }, place);
      return text(...known)(value, place);
    }
    if (!isObject(value)) return problem(place, `must be a ${what}, and is ${describe(value)}`);
    const type = value["type"] ?? options.usual;
    if (type === undefined) return problem(place, `"type" is missing; it is one of ${known.join(", ")}`);
    if (typeof type !== "string" || !known.includes(type)) return text(...known)(type, at(place, "type"));
    return kinds[type]?.(value, place);
  };
}

const kind = (keys: Readonly<Record<string, Reader>>, required: readonly string[] = []): Reader =>
  object({ type: text(), ...keys }, { required });

const auth = tagged(
  "kind of auth",
  {
    bearer: kind({ token: secretText }),
    http_basic: kind({ username: secretText, password: secretText }),
    api_key: kind({ name: text(), apiKey: secretText, location: text("header", "query", "param", "cookie") }),
    oauth2_client_credentials: unsupported,
  },
  { bare: ["bearer", "http_basic", "api_key"], usual: "bearer", own: (value) => typeof value === "function" },
);

const path = nullable(text());
const stops = { totalPath: path, stopAfterEmptyPage: flag, hasMorePath: path };
const link = { keepParams: flag };
const jsonLink = kind({ nextUrlPath: text(), ...link });

const paginator = tagged(
  "paginator",
  {
    auto: kind({}),
    single_page: kind({}),
    json_link: jsonLink,
    // dlt's older name of the same.
    json_response: (value, place) => ({ ...(jsonLink(value, place) as object), type: "json_link" }),
    header_link: kind({ linksNextKey: text(), ...link }),
    header_cursor: kind({ cursorKey: text(), cursorParam: text() }),
    cursor: kind({
      cursorPath: text(),
      cursorParam: text(),
      cursorBodyPath: text(),
      stopAfterEmptyPage: flag,
      hasMorePath: path,
    }),
    page_number: kind({
      basePage: count,
      page: count,
      pageParam: text(),
      pageBodyPath: text(),
      maximumPage: nullable(count),
      ...stops,
    }),
    offset: kind(
      {
        limit: count,
        offset: count,
        offsetParam: text(),
        offsetBodyPath: text(),
        limitParam: text(),
        limitBodyPath: text(),
        maximumOffset: nullable(count),
        ...stops,
      },
      ["limit"],
    ),
  },
  {
    bare: ["auto", "single_page", "json_link", "header_link", "header_cursor", "cursor", "page_number"],
    own: (value) => typeof value === "function" || (isObject(value) && typeof value["next"] === "function"),
  },
);

/** Bindings of dlt's older style stand in params as objects. */
const param: Reader = (value, place) => {
  if (isObject(value)) {
    const type = value["type"];
    if (type === "resolve")
      return problem(place, 'type "resolve" is not supported; write {resources.<parent>.<field>}');
    if (type === "incremental") return incrementalParam(value, place);
    return problem(place, "is an object; a param is a text, a number, true, false, null, or a list of these");
  }
  if (Array.isArray(value) && value.some((item) => typeof item === "object")) {
    return problem(place, "is a list of objects or nulls, which a param cannot be");
  }
  return json(value, place);
};

const noSecrets: Reader = (value, place) => {
  const before = place.problems.length;
  const read = record(json)(value, place);
  if (place.problems.length === before && holdsSecret(read)) {
    return problem(place, "a secret in a JSON body is not supported; use auth, a header or a param");
  }
  return read;
};

function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (typeof value !== "object" || value === null) return false;
  return isObject(value) ? Object.values(value).some(holdsSecret) : true;
}

const endpoint = object({
  path: text(),
  method: text("GET", "POST"),
  params: record(param),
  headers: record(nullable(secretText)),
  json: noSecrets,
  auth: nullable(auth),
  paginator: nullable(paginator),
  dataSelector: path,
  allowMissing: flag,
  allowRepeatedPages: flag,
  data: unsupported,
  responseActions: unsupported,
  incremental: endpointIncremental,
});

const endpointOrPath: Reader = (value, place) => (typeof value === "string" ? { path: value } : endpoint(value, place));

/** A text, or a `Date` where the configuration is code. */
const moment: Reader = (value, place) => (value instanceof Date ? value : text()(value, place));

/** What goes with what is checked when the resource is made. */
const disposition: Reader = (value, place) => {
  if (typeof value === "string") return text("append", "replace", "merge", "skip")(value, place);
  return object(
    {
      disposition: text("append", "replace", "merge", "skip"),
      strategy: text(...mergeStrategies, ...replaceStrategies),
      deduplicated: flag,
      sourceFilter: text(),
      destinationScope: text(),
      skipUnchangedRows: flag,
      rowVersionColumnName: text(),
      validityColumnNames: list(text()),
      activeRecordTimestamp: nullable(moment),
      boundaryTimestamp: nullable(moment),
    },
    { required: ["disposition"] },
  )(value, place);
};

const names: Reader = (value, place) => (typeof value === "string" ? value : list(text())(value, place));

const column = object(
  {
    name: text(),
    dataType: text(...dataTypes),
    nullable: flag,
    precision: count,
    scale: count,
    timezone: flag,
    primaryKey: flag,
    mergeKey: flag,
    unique: flag,
    sort: flag,
    partition: flag,
    cluster: flag,
    description: text(),
    hardDelete: flag,
    dedupSort: text("asc", "desc"),
  },
  { extra: /^x-/ },
);

const contractMode = text("evolve", "freeze", "discard_row", "discard_value");
const contract: Reader = (value, place) =>
  typeof value === "string"
    ? contractMode(value, place)
    : object({ tables: contractMode, columns: contractMode, dataType: contractMode })(value, place);

const step = object({ filter: callable, map: callable, yieldMap: callable });

/** What is for speed only may be off; nothing is done at a time here yet. */
const notParallel: Reader = (value, place) => (value === false ? undefined : unsupported(value, place));

const columns: Reader = (value, place) => (Array.isArray(value) ? list(column) : record(column))(value, place);

const references = list(
  object(
    {
      columns: list(text()),
      referencedTable: text(),
      referencedColumns: list(text()),
      label: text(),
      cardinality: text(...cardinalities),
    },
    { required: ["columns", "referencedTable", "referencedColumns"] },
  ),
);

const hints = {
  tableName: text(),
  writeDisposition: disposition,
  primaryKey: names,
  mergeKey: names,
  columns,
  schemaContract: contract,
  maxTableNesting: count,
  nestedHints: record(
    object({ columns, primaryKey: names, mergeKey: names, writeDisposition: disposition, references }),
  ),
  references,
};

const shared = {
  ...hints,
  selected: flag,
  includeFromParent: list(text()),
  processingSteps: list(step),
  parallelized: notParallel,
  tableFormat: unsupported,
  fileFormat: unsupported,
  parentTableName: unsupported,
};

const asIs: Reader = (value) => value;

const resource = object(
  { name: text(), endpoint: endpointOrPath, schema: asIs, row: asIs, ...shared },
  { required: ["name"] },
);

const milliseconds = object({ connect: count, headers: count, idle: count, total: count });

const client = object(
  {
    baseUrl: text(),
    headers: record(secretText),
    auth,
    paginator,
    allowedOrigins: list(text()),
    timeouts: milliseconds,
    retry: object({ attempts: count, backoff: count, maxBackoff: count, maxRetryAfter: count }),
    maxBodyBytes: count,
    session: unsupported,
  },
  { required: ["baseUrl"] },
);

/** The whole configuration: one table of names for both spellings. */
export const configShape: Reader = object(
  {
    name: text(),
    client,
    resourceDefaults: object({ endpoint, ...shared }),
    resources: list((value, place) => (typeof value === "string" ? { name: value } : resource(value, place))),
    maxTableNesting: count,
    rootKey: flag,
    schemaContract: contract,
  },
  { required: ["name", "client", "resources"] },
);
