import { type Config, LadingError, type Secret } from "lading";

/** How the source is set up. Everything may be left out and set beside the code instead. */
export interface StickyIoOptions {
  /** The account's sub-domain: `acme` for `https://acme.sticky.io/api/v2/`. Default: the setting `sources.stickyio.app_key`. */
  readonly appKey?: string;
  /** Where the API is, with or without `v2/` at its end, in place of `appKey`. Default: the setting `sources.stickyio.base_url`. */
  readonly baseUrl?: string;
  /** Default: the secret `sources.stickyio.api_username`. */
  readonly username?: string | Secret;
  /** Default: the secret `sources.stickyio.api_password`. */
  readonly password?: string | Secret;
  /**
   * Reads of orders, customers and subscriptions only what changed since the run before, by `updated_at`. The API is asked
   * for that (`search[updated_at]`); where it does not know how, it gives all rows, and those that are known are left out
   * here. Default: `false`, all is read in each run.
   */
  readonly incremental?: boolean;
  /** Which calls are made: those of the published page, which is all there is so far. */
  readonly profile?: "document";
}

/** @returns where the API is as the options say, or `undefined` where they leave it to the settings. */
export function baseUrlOf({ appKey, baseUrl }: StickyIoOptions): string | undefined {
  if (appKey !== undefined && baseUrl !== undefined) {
    throw new LadingError("INVALID_ARGUMENT", "stickyio takes appKey or baseUrl, not both.");
  }
  if (appKey !== undefined) return urlOfAccount(appKey);
  return baseUrl === undefined ? undefined : withVersion(baseUrl);
}

/** @returns where the API is as the settings say. Throws `CONFIG_MISSING` where they do not. */
export function baseUrlFrom(settings: Config): string {
  const baseUrl = settings.get("base_url");
  const appKey = settings.get("app_key");
  if (typeof baseUrl === "string") return withVersion(baseUrl);
  if (typeof appKey === "string") return urlOfAccount(appKey);
  throw new LadingError("CONFIG_MISSING", "stickyio does not know where the API is.", {
    hint: "Pass appKey or baseUrl, or set SOURCES__STICKYIO__APP_KEY or SOURCES__STICKYIO__BASE_URL.",
  });
}

/** Nothing but a name may stand before the host, or the credentials would go somewhere else. */
function urlOfAccount(appKey: string): string {
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(appKey)) {
    throw new LadingError("INVALID_ARGUMENT", `"${appKey}" is no app key: letters, digits and hyphens only.`, {
      hint: "It is the first part of the host name: acme for acme.sticky.io.",
    });
  }
  return `https://${appKey}.sticky.io/api/v2/`;
}

function withVersion(baseUrl: string): string {
  const plain = baseUrl.replace(/\/+$/, "");
  return plain.endsWith("/v2") ? `${plain}/` : `${plain}/v2/`;
}
