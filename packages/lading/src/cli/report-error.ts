import { mask as replaceKnown } from "../config/mask.ts";
import { LadingError } from "../errors/index.ts";
import { printable } from "./format.ts";
import type { Host } from "./host.ts";
import { type Style, styleFor } from "./style.ts";

/** What {@link errorLines} is told beside the error. */
export interface ErrorReport {
  readonly style: Style;
  /** Takes secrets out of a text. */
  readonly mask: (text: string) => string;
  /** `true`: with the stack traces. */
  readonly debug: boolean;
  /** In what state things are. */
  readonly standing?: string;
}

/** Writes an error to stderr. `LADING_DEBUG` in the environment shows the stack traces, as `debug` does. */
export function reportError(
  error: unknown,
  { stderr, env, secrets = new Set() }: Pick<Host, "stderr" | "env" | "secrets">,
  options: Partial<Omit<ErrorReport, "style">> = {},
): void {
  const known = (text: string): string => [...secrets].reduce((left, some) => replaceKnown(left, some), text);
  const { debug = false, mask = known } = options;
  const report = { ...options, mask, debug: debug || isOn(env["LADING_DEBUG"]), style: styleFor(stderr, env) };
  stderr.write(`${errorLines(error, report).join("\n")}\n`);
}

function isOn(variable: string | undefined): boolean {
  return variable !== undefined && variable !== "" && variable !== "0" && variable !== "false";
}

/** At most so many causes are shown, and so many characters of each. */
const mostCauses = 5;
const longestCause = 400;

/** An error as a person should read it: what happened, what to do, why, and in what state things are. */
export function errorLines(error: unknown, { style, mask, debug, standing }: ErrorReport): readonly string[] {
  // What is not printable may stand in a secret, or between its parts.
  const clean = (text: string): string => mask(printable(mask(text)));
  const known = LadingError.is(error);
  const code = known ? error.code : "UNEXPECTED";
  const [first = "", ...more] = clean(known ? error.message : describe(error)).split("\n");
  const hint = known
    ? error.hint
    : "This was not foreseen: it is thrown by the pipeline's own code, or a fault in Lading. --debug shows where.";
  return [
    `${style.bad("✗")} ${style.bold(code)} ${first}`,
    ...more.map((line) => `  ${line}`),
    `  ${clean(hint)}`,
    ...causes(error).map((cause) => style.dim(`  because: ${shorten(clean(describe(cause)))}`)),
    ...(standing === undefined ? [] : [`  ${clean(standing)}`]),
    ...(known ? [style.dim(`  lading explain ${code}`)] : []),
    ...(debug ? traces(error).flatMap((trace) => clean(trace).split("\n")) : []),
  ];
}

function causes(error: unknown): readonly unknown[] {
  const found: unknown[] = [];
  const queue = inner(error).slice();
  for (let next = queue.shift(); next !== undefined && found.length < mostCauses; next = queue.shift()) {
    if (found.includes(next) || next === error) continue;
    found.push(next);
    queue.unshift(...inner(next));
  }
  return found;
}

function inner(error: unknown): readonly unknown[] {
  if (error instanceof AggregateError) return error.errors;
  return error instanceof Error && error.cause !== undefined ? [error.cause] : [];
}

function describe(error: unknown): string {
  if (LadingError.is(error)) return `${error.code} ${error.message}`;
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const name = error.name === "Error" ? "" : `${error.name}: `;
  const message = error.message === "" ? (code ?? "(without a message)") : error.message;
  return code === undefined || message.includes(code) ? name + message : `${name}${message} (${code})`;
}

function shorten(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > longestCause ? `${line.slice(0, longestCause)}…` : line;
}

function traces(error: unknown): readonly string[] {
  return [error, ...causes(error)].flatMap((each) => (each instanceof Error && each.stack ? ["", each.stack] : []));
}
