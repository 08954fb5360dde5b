import { cleanError } from "../config/clean-error.ts";
import { LadingError } from "../errors/index.ts";
import { page as makePage, type Page } from "../resource/page.ts";
import type { Exact } from "../util/exact.ts";
import type { Json } from "../util/json-value.ts";
import { detectRows } from "./detect-rows.ts";
import { jsonBody } from "./json-body.ts";
import type { PageRequest } from "./page-request.ts";
import { nextEvidence } from "./paginators/evidence.ts";
import type { PageContent, Paginator } from "./paginators/index.ts";
import { redactUrl } from "./redact.ts";
import { type RepeatGuard, repeatGuard } from "./repeat-guard.ts";
import { selectRows } from "./rows.ts";
import { compileSelector } from "./selector.ts";
import type { Sent } from "./send.ts";
import { removeParams } from "./url.ts";

/** One chain of pages. */
export interface Chain {
  readonly first: PageRequest;
  readonly paginator: Paginator;
  /** Default: found on the first page, and kept for all. */
  readonly dataSelector: string | undefined;
  /** A selector that finds nothing is no error but an empty page. */
  readonly allowMissing: boolean;
  /** The same page twice in a row is no error. */
  readonly allowRepeatedPages: boolean;
  /** Whole numbers beyond 2^53 are `bigint` in the rows. */
  readonly bigint: boolean;
  /** Where to go on: the position of an earlier page. */
  readonly position: Json | undefined;
  readonly send: (request: PageRequest) => Promise<Sent>;
  readonly clean: (text: string) => string;
  /** Whether there is a secret in a text that could not be put back into it later. */
  readonly holdsCredential: (text: string) => boolean;
  readonly warn: (message: string) => void;
}

/**
 * Reads a chain of pages, each asked for when the consumer asks for it. A page's position holds the next request, and is
 * `null` on the last one.
 */
export async function* readPages(chain: Chain): AsyncGenerator<Page, void, undefined> {
  if (chain.position === null) return;
  const resumed = chain.position === undefined ? undefined : readPosition(chain.position);
  const guard = repeatGuard();
  let step: Step | undefined = {
    request: resumed?.request ?? chain.paginator.first?.(chain.first) ?? chain.first,
    selector: resumed?.selector,
    isFirst: resumed === undefined,
  };
  while (step !== undefined) {
    const read: ReadPage = await readPage(chain, step, guard).catch((error: unknown) => {
      throw cleanError(error, chain.clean);
    });
    step = read.next;
    yield read.page;
  }
}

/** What is known before a page is read. */
interface Step {
  readonly request: PageRequest;
  /** The data selector that was found on an earlier page. */
  readonly selector: string | undefined;
  readonly isFirst: boolean;
}

interface ReadPage {
  readonly page: Page;
  readonly next: Step | undefined;
}

/** A function of its own, so that nothing holds on to a page's bytes while the next one comes. */
async function readPage(chain: Chain, step: Step, guard: RepeatGuard): Promise<ReadPage> {
  const { request } = step;
  guard.checkRequest(request);
  const sent = await chain.send(request);
  const { response } = sent;
  const where = chain.clean(redactUrl(request.url));
  const body = emptyStatus(response.status) ? undefined : jsonBody(response, chain);
  const detected =
    step.selector ??
    (chain.dataSelector !== undefined || body === undefined ? undefined : detect(body.value, where, chain));
  const selector = compileSelector(chain.dataSelector ?? detected ?? "$");
  const rowsOf = (value: unknown): readonly unknown[] =>
    selectRows(selector, value, { where, allowMissing: chain.allowMissing });
  const rows = body === undefined ? [] : rowsOf(body.value);
  if (!chain.allowRepeatedPages) guard.checkBody(request, response.body, rows.length);

  const exactBody = (): Exact => body?.exact() ?? null;
  const content: PageContent = { request, response, body: body?.value ?? null, exact: exactBody, rows };
  const next = withoutCredentials(chain.paginator.next(content), sent);
  if (next === undefined && step.isFirst) warnOfMore(content, chain.paginator, where, chain.warn);
  const exact = (): readonly Exact[] => (body === undefined ? [] : (rowsOf(body.exact()) as readonly Exact[]));
  const position = next === undefined ? null : toPosition(next, detected);
  const canBeKept = position === null || !chain.holdsCredential(JSON.stringify(position));
  return {
    page: makePage({ rows, exact, ...(canBeKept && { position }), bytes: response.body.length }),
    next: next && { request: next, selector: detected, isFirst: false },
  };
}

function detect(body: unknown, where: string, chain: Chain): string {
  const { selector, rival } = detectRows(body);
  if (rival !== undefined) {
    chain.warn(
      `The rows of ${where} were taken from "${selector}", though "${rival}" is a list too: set dataSelector.`,
    );
  }
  return selector;
}

/** No content, reset content, not modified: answers that have no body by definition. */
function emptyStatus(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** Servers put the request's own query into their links, keys and all; positions must not hold them. */
function withoutCredentials(next: PageRequest | undefined, { credentialParams }: Sent): PageRequest | undefined {
  if (next === undefined) return undefined;
  const url = new URL(next.url);
  url.username = "";
  url.password = "";
  const secret = new Set(credentialParams.map((pair) => JSON.stringify(pair)));
  return { ...next, url: removeParams(url.href, (...pair) => secret.has(JSON.stringify(pair))) };
}

/** Only of paginators that end where nothing is found: a wrong name would look like the last page. */
function warnOfMore(content: PageContent, paginator: Paginator, where: string, warn: (message: string) => void): void {
  if (!["auto", "json_link", "header_link", "header_cursor", "cursor"].includes(paginator.type)) return;
  if (paginator.type === "cursor" && content.rows.length === 0) return;
  const evidence = nextEvidence(content);
  if (evidence === undefined) return;
  warn(
    `${where} was read as one page, but "${evidence.path}" in its answer says that there is more: ` +
      `${paginator.type === "auto" ? "set a paginator" : `the ${paginator.type} paginator did not find it`}.`,
  );
}

function toPosition(request: PageRequest, selector: string | undefined): Json {
  const { method, url, headers, json, state } = request;
  return {
    request: {
      method,
      url,
      headers,
      ...(json === undefined ? {} : { json }),
      ...(state === undefined ? {} : { state }),
    },
    ...(selector === undefined ? {} : { selector }),
  };
}

function readPosition(position: Json): { readonly request: PageRequest; readonly selector: string | undefined } {
  const { request, selector } = (position ?? {}) as {
    readonly request?: Partial<PageRequest>;
    readonly selector?: string;
  };
  const { method, url, headers = {} } = request ?? {};
  if (typeof url !== "string" || (method !== "GET" && method !== "POST")) {
    throw new LadingError("INVALID_ARGUMENT", "The position is not one that a page of this client gave.");
  }
  return { request: { ...request, method, url, headers }, selector };
}
