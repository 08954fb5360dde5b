type Lower = Letters<"abcdefghijklmnopqrstuvwxyz">;
type Upper = Uppercase<Lower>;
type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";
type Letters<Text extends string> = Text extends `${infer First}${infer Rest}` ? First | Letters<Rest> : never;

/** What single characters become before the words are found (spec dlt-core 1.3, steps 1 and 2). */
type Translated<Char extends string> = Char extends Lower | Upper | Digit | "_"
  ? Char
  : Char extends "+" | "*"
    ? "x"
    : Char extends "@"
      ? "a"
      : Char extends "|"
        ? "l"
        : "_";

type Translate<Text extends string, Done extends string = ""> = Text extends `${infer Char}${infer Rest}`
  ? Translate<Rest, `${Done}${Translated<Char>}`>
  : Done;

/** Whether a new word begins at an upper-case letter: after a small letter or a digit, or before a small letter. */
type Breaks<Before extends string, Rest extends string> = Before extends "" | "_"
  ? false
  : Before extends Lower | Digit
    ? true
    : Rest extends `${infer Next}${string}`
      ? Next extends Lower
        ? true
        : false
      : false;

type Words<
  Text extends string,
  Before extends string = "",
  Done extends string = "",
> = Text extends `${infer Char}${infer Rest}`
  ? Char extends Upper
    ? Words<Rest, Char, `${Done}${Breaks<Before, Rest> extends true ? "_" : ""}${Lowercase<Char>}`>
    : Words<Rest, Char, `${Done}${Char}`>
  : Done;

type AfterDigits<Text extends string> = Text extends `${Digit}${string}` ? `_${Text}` : Text;

type TrailingToX<Text extends string, Found extends string = ""> = Text extends `${infer Rest}_`
  ? TrailingToX<Rest, `${Found}x`>
  : `${Text}${Found}`;

type Contract<Text extends string> = Text extends `${infer Before}__${infer After}`
  ? Contract<`${Before}_${After}`>
  : Text;

/**
 * The name of a column or table as dlt's `snake_case` makes it, for names in ASCII that are not shortened:
 * `placedAt` is `placed_at`, `HTTPStatus` is `http_status`.
 */
export type SnakeCase<Text extends string> = string extends Text
  ? string
  : Contract<TrailingToX<AfterDigits<Words<Translate<Text>>>>>;
