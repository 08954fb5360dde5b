import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { LadingError } from "../../errors/index.ts";

/** What a connection string says of TLS, by libpq's names. */
export interface TlsParameters {
  readonly sslmode: string | undefined;
  readonly sslrootcert: string | undefined;
  readonly sslcert: string | undefined;
  readonly sslkey: string | undefined;
}

const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/**
 * libpq's modes of TLS as the driver takes them. `require` encrypts and trusts any certificate unless a root is given,
 * `verify-ca` wants one that the root has signed, `verify-full` one for this host as well. The driver cannot try one way
 * and then the other: `allow` and `prefer` connect without TLS.
 *
 * @throws LadingError CONFIG_INVALID on another mode, or a file that cannot be read
 */
export function tlsOptions(
  { sslmode = process.env["PGSSLMODE"], sslrootcert, sslcert, sslkey }: TlsParameters,
  host: string | undefined,
): { readonly ssl: false | ConnectionOptions } {
  if (sslmode !== undefined && !modes.includes(sslmode)) {
    throw new LadingError("CONFIG_INVALID", `PostgreSQL has no sslmode "${sslmode}".`, {
      hint: `Choose one of ${modes.join(", ")}.`,
    });
  }
  if (sslmode === undefined || ["disable", "allow", "prefer"].includes(sslmode)) return { ssl: false };
  const root = sslrootcert === undefined || sslrootcert === "system" ? undefined : read("sslrootcert", sslrootcert);
  const verifies = sslmode !== "require" || root !== undefined;
  return {
    ssl: {
      rejectUnauthorized: verifies,
      ...(root !== undefined && { ca: root }),
      ...(sslcert !== undefined && { cert: read("sslcert", sslcert) }),
      ...(sslkey !== undefined && { key: read("sslkey", sslkey) }),
      ...(sslmode !== "verify-full" && { checkServerIdentity: () => undefined }),
      ...(host !== undefined && !host.startsWith("/") && { servername: host }),
    },
  };
}

function read(key: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new LadingError("CONFIG_INVALID", `The file of ${key} cannot be read: ${path}`, { cause });
  }
}
