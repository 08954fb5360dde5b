import { isSecretName } from "../../config/secret-name.ts";
import { redactUrl } from "../../http/redact.ts";
import type { Json } from "../../util/json-value.ts";

/**
 * A position as it may be shown. Those of the REST source are stored before auth is applied; what a configuration put into
 * the address, the headers or the body itself is hidden here by its name. Pure.
 */
export function shownPosition(position: Json, isRequest = false): Json {
  if (typeof position === "string") return /^[a-z][a-z0-9+.-]*:\/\//i.test(position) ? redactUrl(position) : position;
  if (Array.isArray(position)) return position.map((one: Json) => shownPosition(one, isRequest));
  if (typeof position !== "object" || position === null) return position;
  return Object.fromEntries(
    Object.entries(position).map(([name, value]) => [
      name,
      isRequest && isSecretName(name) ? "***" : shownPosition(value, isRequest || name === "request"),
    ]),
  );
}
