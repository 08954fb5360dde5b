import http from "node:http";
import https from "node:https";
import { mask } from "../config/mask.ts";
import { isSecret, type Secret } from "../config/secret.ts";
import { LadingError } from "../errors/index.ts";
import type { Page } from "../resource/page.ts";
import { sleep } from "../util/abort.ts";
import type { Json } from "../util/json-value.ts";
import type { Auth, SecretText } from "./auth.ts";
import type { HttpClientOptions } from "./client-options.ts";
import type { Agents } from "./exchange.ts";
import { type HttpMethod, type PageRequest, pageRequest, type ParamValue } from "./page-request.ts";
import { auto, type NextRequest, type Paginator, toPaginator } from "./paginators/index.ts";
import { readPages } from "./paginate.ts";
import type { Belongings } from "./prepare.ts";
import { readAhead } from "./read-ahead.ts";
import { isSecretName } from "../config/secret-name.ts";
import type { HttpResponse } from "./response.ts";
import { defaultRetryPolicy } from "./retry-policy.ts";
import { send, type SendSettings } from "./send.ts";
import { defaultTimeouts } from "./timeouts.ts";
import { isAbsolute, joinUrl, originOf, parseUrl } from "./url.ts";

/** The parts of a request, and how it is sent. */
export interface RequestOptions {
  /** Default: `GET`. */
  readonly method?: HttpMethod;
  /** Replace those of the same name in the path's query. Secrets are sent, but kept out of positions. */
  readonly params?: Readonly<Record<string, ParamValue | Secret>>;
  /** Win over the client's. */
  readonly headers?: Readonly<Record<string, SecretText>>;
  readonly json?: Json;
  /** Instead of the client's; `null`: none. */
  readonly auth?: Auth | null;
  /** `true`: the path came from an answer, so its origin must be one of the client's. Default: `false`. */
  readonly untrustedPath?: boolean;
  readonly signal?: AbortSignal;
}

export interface SingleRequestOptions extends RequestOptions {
  /** Whether it may be sent again after a doubtful end. Default: with GET. */
  readonly idempotent?: boolean;
}

export interface PaginateOptions extends RequestOptions {
  /** Default: the client's. */
  readonly paginator?: Paginator | NextRequest;
  /** Where the rows are in the body (see `compileSelector`). Default: found on the first page. */
  readonly dataSelector?: string;
  /** `true`: a selector that finds nothing gives an empty page, not an error. Default: `false`. */
  readonly allowMissing?: boolean;
  /** `true`: equal pages one after the other are no error. Default: `false`. */
  readonly allowRepeatedPages?: boolean;
  /** `true`: whole numbers beyond 2^53 are `bigint` in the rows. Default: `false`; `exact` has all digits in any case. */
  readonly bigint?: boolean;
  /** The `position` of an earlier page: goes on after it. */
  readonly position?: Json | undefined;
  /** `false`: the next page is not asked for before the consumer wants it. Default: `true`. */
  readonly prefetch?: boolean;
  readonly warn?: (message: string) => void;
}

/**
 * An HTTP client for reading APIs: it keeps connections, retries, follows pages, and sends credentials to the origin that
 * they belong to and to no other.
 *
 * ```ts
 * const api = new HttpClient({ baseUrl: "https://api.example.com/v1/", auth: bearer(token) });
 * for await (const { rows } of api.paginate("events", { paginator: headerLink() })) console.log(rows.length);
 * ```
 */
export class HttpClient {
  readonly baseUrl: string;
  readonly #options: HttpClientOptions;
  readonly #settings: SendSettings;
  /** Credentials that were given as texts: nobody could look them up to put them back into a position. */
  readonly #plain: Map<string, string>;

  /** @throws INVALID_ARGUMENT for a base URL that is none, or that holds credentials */
  constructor(options: HttpClientOptions) {
    // An empty base is legal: then every path is absolute.
    const base = options.baseUrl === "" ? undefined : parseUrl(options.baseUrl);
    if (base !== undefined && (base.username !== "" || base.password !== "")) {
      throw new LadingError("INVALID_ARGUMENT", "The base URL holds a user name or password.", {
        hint: "Put them into auth, where they are kept secret.",
      });
    }
    this.baseUrl = options.baseUrl;
    this.#options = options;
    const secrets = new Map<string, string>();
    this.#plain = new Map();
    const known = { secrets, plain: this.#plain, keep: options.keepSecret };
    this.#settings = {
      agents: options.agents ?? createAgents(),
      timeouts: { ...defaultTimeouts, ...options.timeouts },
      retry: { ...defaultRetryPolicy, ...options.retry },
      maxBodyBytes: options.maxBodyBytes ?? 256 * 1024 * 1024,
      secret: (value) => textOf(value, options.secret, known),
      clean: (text) => mask(text, secrets),
      onRetry: options.onRetry,
      sleep: options.sleep ?? sleep,
      now: options.now ?? Date.now,
      random: options.random ?? Math.random,
    };
  }

  /**
   * One request, read to the end of its answer, whatever its type.
   *
   * @param path appended to the base, or an absolute URL, which then gets the credentials
   * @throws the HTTP errors of the catalog, 4xx and 5xx included; the signal's reason
   */
  async request(path: string, options: SingleRequestOptions = {}): Promise<HttpResponse> {
    const { request, belongings } = this.#build(path, options);
    const { idempotent = request.method === "GET", signal } = options;
    const { response } = await send(request, belongings, this.#settings, { idempotent, signal });
    return response;
  }

  /**
   * The pages of a list, each with its rows, its exact digits and the position after it. Requests of a list are taken to be
   * reading ones: a POST is retried too.
   *
   * @param path as in {@link request}
   */
  paginate<Row = Record<string, unknown>>(path: string, options: PaginateOptions = {}): AsyncIterable<Page<Row>> {
    const { request, belongings } = this.#build(path, options);
    const settings = this.#settings;
    const open = (signal: AbortSignal | undefined): AsyncIterable<Page> =>
      readPages({
        first: request,
        paginator: toPaginator(options.paginator ?? this.#options.paginator ?? auto()),
        dataSelector: options.dataSelector,
        allowMissing: options.allowMissing ?? false,
        allowRepeatedPages: options.allowRepeatedPages ?? false,
        bigint: options.bigint ?? false,
        position: options.position,
        send: (page) => send(page, belongings, settings, { idempotent: true, signal }),
        clean: settings.clean,
        holdsCredential: (text) => this.#plain.size > 0 && mask(text, this.#plain) !== text,
        warn: (message) => options.warn?.(settings.clean(message)),
      });
    const pages = options.prefetch === false ? open(options.signal) : readAhead(open, options.signal);
    return pages as AsyncIterable<Page<Row>>;
  }

  /** Closes the connections that are kept open. Without it they close by themselves, and hold up no process. */
  close(): void {
    this.#settings.agents.http.destroy();
    this.#settings.agents.https.destroy();
  }

  #build(path: string, options: RequestOptions): { readonly request: PageRequest; readonly belongings: Belongings } {
    const plain: Record<string, ParamValue> = {};
    const hidden: Record<string, SecretText> = {};
    for (const [name, value] of Object.entries(options.params ?? {})) {
      if (isSecret(value)) hidden[name] = value;
      else if (typeof value === "string" && isSecretName(name)) hidden[name] = value;
      else plain[name] = value;
    }
    const { method, json } = options;
    const request = pageRequest(this.baseUrl, path, {
      params: plain,
      ...(method === undefined ? {} : { method }),
      ...(json === undefined ? {} : { json }),
    });
    const { auth, headers = {}, allowedOrigins = [] } = this.#options;
    const origins = new Set(allowedOrigins.map(originOf));
    if (this.baseUrl !== "") origins.add(originOf(this.baseUrl));
    if (isAbsolute(path) && options.untrustedPath !== true) origins.add(originOf(joinUrl(this.baseUrl, path)));
    const belongings: Belongings = {
      origins,
      headers: [headers, options.headers ?? {}],
      params: hidden,
      auth: options.auth === null ? undefined : (options.auth ?? auth),
    };
    return { request, belongings };
  }
}

/** Connections that are kept open, to be shared by clients. */
export function createAgents(): Agents {
  const options = { keepAlive: true, maxSockets: 50 };
  return { http: new http.Agent(options), https: new https.Agent(options) };
}

/** What a client has to keep out of messages. */
interface KnownSecrets {
  readonly secrets: Map<string, string>;
  /** Those of them that were given as texts. */
  readonly plain: Map<string, string>;
  readonly keep: HttpClientOptions["keepSecret"];
}

function textOf(value: SecretText, look: ((secret: Secret) => string) | undefined, known: KnownSecrets): string {
  const { secrets, plain } = known;
  if (!isSecret(value)) {
    const name = `credential_${plain.size + 1}`;
    if ([...plain.values()].includes(value)) return value;
    plain.set(name, value);
    secrets.set(name, value);
    known.keep?.(name, value);
    return value;
  }
  if (look === undefined) {
    throw new LadingError(
      "INVALID_ARGUMENT",
      `The secret "${value.key}" cannot be looked up: this client has no settings.`,
      {
        hint: "Pass the text, or give the client `secret: (secret) => config.secret(secret)`.",
      },
    );
  }
  const text = look(value);
  secrets.set(value.key, text);
  return text;
}
