import { isSecret } from "../../config/secret.ts";
import { isSecretName } from "../../http/index.ts";
import type { Json } from "../../util/json-value.ts";
import type { ClientConfig } from "./config.ts";
import type { ResourcePlan } from "./plan.ts";

/**
 * What a resource reads, as data: if it changes, a half-done extraction is no longer of use. Functions count by their text,
 * secrets by their names.
 */
export function fingerprint(plan: ResourcePlan, client: ClientConfig): Json {
  const { config, endpoint, parent } = plan;
  return {
    baseUrl: client.baseUrl,
    endpoint: asData({ ...endpoint, auth: undefined }),
    paginator: asData(endpoint.paginator ?? client.paginator),
    includeFromParent: asData(config.includeFromParent),
    processingSteps: asData(config.processingSteps),
    parent: parent ?? null,
  };
}

function asData(value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === "function") return String(value);
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "number") return value;
  if (value instanceof Date) return value.toISOString();
  if (isSecret(value)) return String(value);
  if (Array.isArray(value)) return value.map(asData);
  if (typeof value !== "object") return typeof value === "bigint" ? value.toString() : null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, isSecretName(key) ? "[secret]" : asData(item)]),
  );
}
