/** How long one attempt may take, in milliseconds. */
export interface Timeouts {
  /** To connect, TLS included. Default: 10 s. */
  readonly connect: number;
  /** From the request to the answer's headers. Default: 60 s. */
  readonly headers: number;
  /** Between two pieces of the body. Default: 60 s. */
  readonly idle: number;
  /** All of one attempt. Default: 10 min. */
  readonly total: number;
}

export const defaultTimeouts: Timeouts = { connect: 10_000, headers: 60_000, idle: 60_000, total: 600_000 };
