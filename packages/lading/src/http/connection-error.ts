import { LadingError } from "../errors/index.ts";

/**
 * What a failed socket means.
 *
 * @param reused the connection was an old one: `details.stale` says so, for it proves nothing about the server
 */
export function connectionError(cause: Error, from: string, reused: boolean): LadingError {
  const code = (cause as { readonly code?: string }).code ?? "";
  const stale = reused && (code === "ECONNRESET" || code === "EPIPE");
  return new LadingError("HTTP_CONNECTION", `${from}: ${describe(code, cause)}.`, {
    cause,
    ...(permanent.test(code)
      ? { hint: "This will not mend itself: check the address, the port and the certificate." }
      : {}),
    details: { code, ...(stale ? { stale } : {}), ...(permanent.test(code) ? { permanent: true } : {}) },
  });
}

/** The answer began, and did not come to its end. */
export function connectionLost(from: string, bytes: number, cause?: unknown): LadingError {
  return new LadingError("HTTP_TRUNCATED", `The answer of ${from} was cut off after ${bytes} bytes.`, {
    ...(cause === undefined ? {} : { cause }),
    details: { bytes },
  });
}

const permanent = /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HPE_|ERR_SSL|ERR_INVALID)/;

function describe(code: string, cause: Error): string {
  switch (code) {
    case "ECONNREFUSED":
      return "nothing listens at this host and port";
    case "ENOTFOUND":
      return "there is no host of this name";
    case "EAI_AGAIN":
      return "the host's name could not be looked up";
    case "ECONNRESET":
    case "EPIPE":
      return "the connection was closed before an answer came";
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "the host cannot be reached";
    default:
      return permanent.test(code) && !code.startsWith("HPE_")
        ? `no secure connection (${code})`
        : `the connection failed (${code || cause.message})`;
  }
}
