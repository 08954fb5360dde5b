/** An answer before it is sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @returns an answer with JSON text for a body. */
export function jsonReply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { "content-type": "application/json", ...headers }, body };
}

/** @returns a refusal, in the form that the API gives it (spec apis 2.6). */
export function failure(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return jsonReply(status, JSON.stringify({ status: "FAILURE", message, code: status }), headers);
}
