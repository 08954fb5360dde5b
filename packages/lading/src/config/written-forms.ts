/** Shorter values are left alone: they are part of too many words, and no protection as a password either. */
const shortest = 4;

/** How a secret may be written: as it is, escaped for a URL or for JSON, or encoded as Base64 alone. */
export const writtenForms = {
  raw: (value: string): string => value,
  // A lone surrogate has no URL form.
  url: (value: string): string => (/\p{Surrogate}/u.test(value) ? value : encodeURIComponent(value)),
  json: (value: string): string => JSON.stringify(value).slice(1, -1),
  base64: (value: string): string => Buffer.from(value).toString("base64"),
} as const;

export type WrittenForm = keyof typeof writtenForms;

/**
 * Replaces secret values in a text, in whatever form they are written. Longer ones go first, so that a secret that is a
 * part of another one does not tear it.
 *
 * @param by what comes in the place of a secret: its name, and the form it was found in
 */
export function replaceSecrets(
  text: string,
  secrets: ReadonlyMap<string, string>,
  by: (name: string, form: WrittenForm) => string,
): string {
  const found = [...secrets]
    .filter(([, value]) => value.length >= shortest)
    .flatMap(([name, value]) =>
      Object.entries(writtenForms).map(([form, write]) => ({ written: write(value), name, form: form as WrittenForm })),
    )
    .toSorted((a, b) => b.written.length - a.written.length);
  return found.reduce((left, { written, name, form }) => left.replaceAll(written, () => by(name, form)), text);
}
