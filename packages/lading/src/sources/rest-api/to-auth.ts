import type { Config } from "../../config/config.ts";
import { secret } from "../../config/secret.ts";
import { LadingError } from "../../errors/index.ts";
import { apiKey, type Auth, basic, bearer } from "../../http/index.ts";
import type { AuthConfig } from "./config.ts";

type AuthObject = Exclude<AuthConfig, string | Auth>;

/** Auth from its configuration; what is not given is looked up as dlt does, in `credentials` (spec dlt-rest 2.1). */
export function toAuth(auth: AuthConfig, config: Config): Auth {
  if (typeof auth === "function") return auth;
  const given = typeof auth === "string" ? ({ type: auth } as AuthObject) : auth;
  if (given.type === "http_basic") {
    return basic(given.username ?? secret("credentials.username"), given.password ?? secret("credentials.password"));
  }
  if (given.type !== "api_key") return bearer(given.token ?? secret("credentials.token"));
  const name = given.name ?? textSetting(config, "credentials.name");
  const location = given.location ?? locationSetting(config);
  return apiKey({
    apiKey: given.apiKey ?? secret("credentials.api_key"),
    ...(name === undefined ? {} : { name }),
    ...(location === undefined ? {} : { location }),
  });
}

function textSetting(config: Config, key: string): string | undefined {
  const value = config.get(key);
  return typeof value === "string" ? value : undefined;
}

const locations = ["header", "query", "param", "cookie"] as const;

function locationSetting(config: Config): (typeof locations)[number] | undefined {
  const text = textSetting(config, "credentials.location");
  const location = locations.find((one) => one === text);
  if (text === undefined || location !== undefined) return location;
  throw new LadingError("CONFIG_INVALID", `credentials.location is "${text}"; it is one of ${locations.join(", ")}.`);
}
