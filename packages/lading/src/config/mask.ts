/** Shorter values are left alone: they are part of too many words, and no protection as a password either. */
const shortest = 4;

/**
 * A text with secret values replaced by their names: `[secret sources.stickyio.api_password]`. A value is also found
 * where it is escaped for a URL or JSON, or encoded as Base64 alone.
 * Longer values go first, so that a secret that is a part of another one does not tear it.
 */
export function mask(text: string, secrets: ReadonlyMap<string, string>): string {
  const forms = [...secrets]
    .filter(([, value]) => value.length >= shortest)
    .flatMap(([name, value]) => writtenForms(value).map((form) => ({ form, name })))
    .toSorted((a, b) => b.form.length - a.form.length);
  return forms.reduce((masked, { form, name }) => masked.replaceAll(form, () => `[secret ${name}]`), text);
}

function writtenForms(value: string): readonly string[] {
  // A lone surrogate has no URL form.
  const escaped = /\p{Surrogate}/u.test(value) ? [] : [encodeURIComponent(value)];
  const base64 = Buffer.from(value).toString("base64");
  return [...new Set([value, ...escaped, JSON.stringify(value).slice(1, -1), base64])];
}
