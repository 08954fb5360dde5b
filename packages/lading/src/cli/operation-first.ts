import type { Command } from "commander";

/**
 * The arguments with the operation before the name, as commander wants them: `pipeline shop info` becomes
 * `pipeline info shop`. Options may stand anywhere. Without an operation it is `info`. Pure.
 * @param argv the arguments after the program's name
 */
export function operationFirst(argv: readonly string[], program: Command, name = "pipeline"): readonly string[] {
  const family = program.commands.find((one) => one.name() === name);
  if (family === undefined) return argv;
  const withValue = valued([program, family, ...family.commands]);
  const operands: number[] = [];
  for (let at = 0; at < argv.length && operands.length < 3; at++) {
    const argument = argv[at]!;
    if (argument === "--") break;
    if (withValue.has(argument)) at += 1;
    else if (!argument.startsWith("-") || argument === "-") operands.push(at);
  }
  const [command, pipeline, operation] = operands;
  if (command === undefined || argv[command] !== name || pipeline === undefined) return argv;
  const rest = argv.filter((_one, at) => at !== pipeline && at !== operation);
  return rest.toSpliced(
    rest.indexOf(name) + 1,
    0,
    operation === undefined ? "info" : argv[operation]!,
    argv[pipeline]!,
  );
}

/** The options after which a value stands. */
function valued(commands: readonly Command[]): ReadonlySet<string> {
  const flags = commands
    .flatMap(({ options }) => options)
    .filter(({ required, optional }) => required || optional)
    .flatMap(({ short, long }) => [short, long]);
  return new Set(flags.filter((flag) => flag !== undefined));
}
