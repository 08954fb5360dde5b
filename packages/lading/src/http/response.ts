/** An answer whose body was read to its end and unpacked. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; what came several times is joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Where the answer came from, after redirects. It may hold credentials: show it through `redactUrl` only. */
  readonly url: string;
}
