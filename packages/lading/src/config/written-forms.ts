/** Shorter values are left alone: they are part of too many words, and no protection as a password either. */
const shortest = 4;

/** Fewer characters of Base64 say too little to be looked for. */
const shortestBase64 = 6;

/**
 * How a secret may be written: as it is, escaped for a URL or for JSON, or encoded as Base64, alone or behind something else
 * whose length decides on which of three ways it looks (`user:password` in HTTP Basic).
 */
export const writtenForms = {
  raw: (value: string): string => value,
  url: forQuery,
  json: withinJson,
  url_json: (value: string): string => forQuery(withinJson(value)),
  base64: (value: string): string => Buffer.from(value).toString("base64"),
  base64url: (value: string): string => Buffer.from(value).toString("base64url"),
  base64_0: (value: string): string => withinBase64(value, 0),
  base64_1: (value: string): string => withinBase64(value, 1),
  base64_2: (value: string): string => withinBase64(value, 2),
  base64url_0: (value: string): string => forUrl(withinBase64(value, 0)),
  base64url_1: (value: string): string => forUrl(withinBase64(value, 1)),
  base64url_2: (value: string): string => forUrl(withinBase64(value, 2)),
} as const;

/** A lone surrogate has no URL form. */
function forQuery(value: string): string {
  return /\p{Surrogate}/u.test(value) ? value : encodeURIComponent(value);
}

function withinJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

export type WrittenForm = keyof typeof writtenForms;

const base64Forms = Object.keys(writtenForms).filter((form) => form.startsWith("base64")) as readonly WrittenForm[];

/** The characters of a longer Base64 text that depend on nothing but the value, which begins after so many bytes modulo 3. */
function withinBase64(value: string, bytesBefore: 0 | 1 | 2): string {
  const bytes = Buffer.concat([Buffer.alloc(bytesBefore), Buffer.from(value)]);
  const whole = bytes.toString("base64").slice(0, Math.floor((bytes.length * 8) / 6));
  return whole.slice([0, 2, 3][bytesBefore]);
}

function forUrl(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}

/**
 * Replaces secret values in a text, in whatever form they are written, also where a form was written in another one (JSON in
 * JSON, a URL in a URL) or each character in a way of its own. Longer values go first, so that a secret that is a part of another
 * one does not tear it.
 *
 * @param options.ignoreCase `true`: capitals and small letters are the same, as in what somebody made small on the way
 * @param by what comes in the place of a secret: its name, and the form it was found in, or one that means the same there
 */
export function replaceSecrets(
  text: string,
  secrets: ReadonlyMap<string, string>,
  by: (name: string, form: WrittenForm) => string,
  { ignoreCase = false }: { readonly ignoreCase?: boolean } = {},
): string {
  const known = [...secrets]
    .filter(([, value]) => value.length >= shortest)
    .toSorted(([, a], [, b]) => b.length - a.length);
  const plain = known.reduce(
    (left, [name, value]) =>
      left.replace(anyWriting(value, ignoreCase ? "giu" : "gu"), (found) => by(name, formOf(found, value))),
    text,
  );
  const encoded = known
    .flatMap(([name, value]) => base64Forms.map((form) => ({ name, form, written: writtenForms[form](value) })))
    .filter(({ form, written }) => written.length >= shortestBase64 || form === "base64")
    .toSorted((a, b) => b.written.length - a.written.length);
  return encoded.reduce((left, { written, name, form }) => left.replaceAll(written, () => by(name, form)), plain);
}

function formOf(found: string, value: string): WrittenForm {
  const same = plainForms.find((form) => writtenForms[form](value) === found);
  if (same !== undefined) return same;
  const isEscaped = /\\|%5c/i.test(found);
  if (found.includes("%")) return isEscaped ? "url_json" : "url";
  return isEscaped ? "json" : "raw";
}

const plainForms = ["raw", "url", "json", "url_json"] as const satisfies readonly WrittenForm[];

/** Longer values (keys of several lines) are looked for in the forms that programs write, and not character by character. */
const longest = 256;

/** Matches a value with each of its characters as it is, or escaped for a URL, for JSON or for HTML, as often as may be. */
function anyWriting(value: string, flags: string): RegExp {
  if (value.length > longest) {
    const whole = new Set(plainForms.map((form) => writtenForms[form](value)));
    return new RegExp([...whole].map((written) => Array.from(written, literal).join("")).join("|"), flags);
  }
  return new RegExp(Array.from(value, (character) => `(?:${writings(character).join("|")})`).join(""), flags);
}

function writings(character: string): readonly string[] {
  const point = character.codePointAt(0)!;
  const isSurrogate = point >= 0xd8_00 && point <= 0xdf_ff;
  const units = character.split("").map((unit) => hex(unit.charCodeAt(0).toString(16).padStart(4, "0")));
  const named = entities[character];
  const itself = [literal(character), ...(isSurrogate ? [] : [urlWriting(character)])].join("|");
  return [
    character === "\\"
      ? `${backslash}{1,8}`
      : `${mayBeEscaped.test(character) ? `${backslash}{0,7}` : ""}(?:${itself})`,
    units.map((unit) => `${backslash}{1,7}u${unit}`).join(""),
    ...(character === " " ? [String.raw`\+`] : []),
    ...(controls[character] === undefined ? [] : [`${backslash}{1,7}${controls[character]}`]),
    `${either("&")}${either("#")}(?:${point}|[xX]0*${hex(point.toString(16))})${either(";")}`,
    ...(named === undefined ? [] : [`${either("&")}${named}${either(";")}`]),
  ];
}

const mayBeEscaped = /["'/]/;
const backslash = either("\\");
const controls: Readonly<Record<string, string>> = { "\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f" };
const entities: Readonly<Record<string, string>> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" };

function urlWriting(character: string): string {
  const bytes = [...Buffer.from(character)].map((byte) => byte.toString(16).padStart(2, "0"));
  return bytes.map((byte) => `%(?:25){0,3}${hex(byte)}`).join("");
}

/** A character that escapes another one, which a URL may have escaped in turn. */
function either(character: string): string {
  return `(?:${literal(character)}|${urlWriting(character)})`;
}

/** Hexadecimal digits in either case. */
function hex(digits: string): string {
  return digits.replaceAll(/[a-f]/gi, (digit) => `[${digit.toLowerCase()}${digit.toUpperCase()}]`);
}

function literal(character: string): string {
  return /[$()*+.?[\]^{|}/\\]/.test(character) ? `\\${character}` : character;
}
