import { replaceSecrets } from "./written-forms.ts";

/** A text with secret values replaced by their names: `[secret sources.stickyio.api_password]`. */
export function mask(text: string, secrets: ReadonlyMap<string, string>): string {
  return replaceSecrets(text, secrets, (name) => `[secret ${name}]`, { ignoreCase: true });
}
