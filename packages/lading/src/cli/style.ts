import { styleText } from "node:util";
import type { Output } from "./host.ts";

/** Colours, or plain text where none are wanted. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
}

type Format = Parameters<typeof styleText>[0];

/** The colours for a stream. `FORCE_COLOR` puts them on, `NO_COLOR` off; else a terminal has them. */
export function styleFor(stream: Output, env: Readonly<Record<string, string | undefined>>): Style {
  const coloured = wantsColour(stream, env);
  const format =
    (kind: Format) =>
    (text: string): string =>
      // Node would ask its own environment and the stream: this asks what was passed in.
      coloured ? styleText(kind, text, { validateStream: false }) : text;
  return {
    bold: format("bold"),
    dim: format("dim"),
    good: format("green"),
    bad: format("red"),
    warn: format("yellow"),
  };
}

function wantsColour(stream: Output, env: Readonly<Record<string, string | undefined>>): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if (env["NO_COLOR"]) return false;
  return stream.isTTY === true && env["TERM"] !== "dumb";
}
