import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import { LadingError } from "../../errors/index.ts";
import type { ConnectionParams } from "./connection-params.ts";

/** One way to talk to a server. */
export interface TlsAttempt {
  readonly ssl: false | ConnectionOptions;
}

type Tls = Pick<ConnectionParams, "sslmode" | "sslrootcert" | "sslcert" | "sslkey" | "sslpassword">;

const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/**
 * libpq's modes of TLS, as the ways in which to connect, one after the other: the driver knows one way only.
 * `prefer`, the default, tries TLS first and `allow` last, and both trust any certificate; `require` wants TLS, and where
 * there is a root its signature; `verify-ca` wants that signature, `verify-full` a certificate for this host as well.
 * A socket of this machine needs no TLS.
 *
 * @param home where libpq has its files, in `.postgresql`: `root.crt`, `postgresql.crt`, `postgresql.key`
 * @throws LadingError CONFIG_INVALID on another mode, or a file that cannot be read
 */
export function tlsAttempts(params: Tls, host: string, home: string): readonly TlsAttempt[] {
  const { sslmode = "prefer" } = params;
  if (!modes.includes(sslmode)) {
    throw new LadingError("CONFIG_INVALID", `PostgreSQL has no sslmode "${sslmode}".`, {
      hint: `Choose one of ${modes.join(", ")}.`,
    });
  }
  const plain = { ssl: false } as const;
  if (sslmode === "disable" || host.startsWith("/")) return [plain];
  const encrypted = { ssl: tlsOptions(params, sslmode, host, home) };
  if (sslmode === "prefer") return [encrypted, plain];
  return sslmode === "allow" ? [plain, encrypted] : [encrypted];
}

function tlsOptions(params: Tls, sslmode: string, host: string, home: string): ConnectionOptions {
  const usual = (name: string): string | undefined => {
    const path = join(home, ".postgresql", name);
    return existsSync(path) ? path : undefined;
  };
  const root = params.sslrootcert ?? usual("root.crt");
  const system = root === "system";
  if (sslmode === "verify-ca" && (root === undefined || system)) {
    throw new LadingError("CONFIG_INVALID", "sslmode=verify-ca needs a root certificate of your own.", {
      hint: "Name it with sslrootcert, or use verify-full: anybody has a certificate that a public authority has signed.",
    });
  }
  const verifies = sslmode.startsWith("verify") || (sslmode === "require" && root !== undefined);
  const cert = params.sslcert ?? usual("postgresql.crt");
  const key = params.sslkey ?? usual("postgresql.key");
  return {
    minVersion: "TLSv1.2",
    rejectUnauthorized: verifies,
    ...(root !== undefined && !system && verifies && { ca: read("sslrootcert", root) }),
    ...(cert !== undefined && { cert: read("sslcert", cert) }),
    ...(key !== undefined && { key: read("sslkey", key) }),
    ...(params.sslpassword !== undefined && { passphrase: params.sslpassword }),
    ...(sslmode !== "verify-full" && !system && { checkServerIdentity: () => undefined }),
    ...(isIP(host) === 0 && { servername: host }),
  };
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new LadingError("CONFIG_INVALID", `The file of ${name} cannot be read: ${path}`, { cause });
  }
}
