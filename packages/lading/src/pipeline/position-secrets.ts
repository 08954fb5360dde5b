import type { Config } from "../config/config.ts";
import { replaceSecrets, writtenForms, type WrittenForm } from "../config/written-forms.ts";
import type { Json } from "../util/json-value.ts";

/** Takes secrets out of positions before they are written anywhere, and puts them back. */
export interface PositionSecrets {
  hide(position: Json): Json;
  /** Throws `CONFIG_MISSING` where a secret is not there any more. */
  show(position: Json): Json;
}

const hidden = new RegExp(String.raw`\[\[secret (\S+) (${Object.keys(writtenForms).join("|")})\]\]`, "g");

/**
 * A position is a request before auth, so credentials are not in it; but a server may have put one into the address of its
 * next page. Known secrets are replaced by their names (design 3, positions and secrets).
 */
export function positionSecrets(config: Config): PositionSecrets {
  const find = (fullName: string): string => {
    const [key = fullName, ...sections] = fullName.split(".").toReversed();
    return config.secret(key, sections.toReversed());
  };
  return {
    hide: (position) =>
      config.secrets.size === 0
        ? position
        : mapTexts(position, (text) =>
            replaceSecrets(text, config.secrets, (name, form) => `[[secret ${name} ${form}]]`),
          ),
    show: (position) =>
      mapTexts(position, (text) =>
        text.replace(hidden, (_, name: string, form: WrittenForm) => writtenForms[form](find(name))),
      ),
  };
}

function mapTexts(json: Json, map: (text: string) => string): Json {
  if (typeof json === "string") return map(json);
  if (Array.isArray(json)) return json.map((one: Json) => mapTexts(one, map));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, one]) => [key, mapTexts(one, map)]));
}
