import { readFileSync } from "node:fs";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { exitCodeHelp } from "./exit-codes.ts";
import type { Host } from "./host.ts";

const examples = `
Examples:
  lading run pipeline.ts                            run the pipeline that a module exports
  lading run pipeline.yaml --json                   run a document; events as JSON lines
  lading load orders.jsonl --table orders           load files into a DuckDB file
  curl -s $URL | lading load - --table orders
  lading pipeline shop info                         what is known of a pipeline
  lading pipeline shop load-package                 what is unfinished, what was loaded
  lading simulate stickyio                          an API to try things on
  lading explain DESTINATION_LOCKED                 what an error means
`;

/**
 * The commands and their options. What a command does is imported when it is called, so that the others cost nothing.
 * @param exit is told the exit code of a command that has ended
 */
export function createProgram(host: Host, exit: (code: number) => void): Command {
  const program = new Command("lading")
    .description("Loads data from APIs, databases and files into databases, exactly once.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(text),
      getOutHelpWidth: () => host.stdout.columns ?? 100,
      getErrHelpWidth: () => host.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showSuggestionAfterError()
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .option("--debug", "show stack traces with errors (also: LADING_DEBUG=1)")
    .option("--profile <name>", "the profile of a workspace (also: WORKSPACE__PROFILE)")
    .addHelpText("after", `${examples}\n${exitCodeHelp()}`);

  addRun(program, host, exit);
  addLoad(program, host, exit);

  addPipeline(program, host, exit);

  program
    .command("simulate")
    .description("serve an API with made-up data, until Ctrl-C (user demo, password demo)")
    .argument("<name>", "name of the connector, such as stickyio")
    .option("-p, --port <port>", "port on 127.0.0.1; 0: a free one", integer(0, 65_535), 0)
    .option("--rows <count>", "number of orders; the rest follows", integer(0, Number.MAX_SAFE_INTEGER))
    .option("--seed <number>", "another seed, other data", integer(0, Number.MAX_SAFE_INTEGER))
    .option("--per-page <count>", "rows on a page", integer(1, 1_000_000))
    .option("--touch <count>", "rows that have changed since the data was made", integer(0, Number.MAX_SAFE_INTEGER))
    .option("--grow <count>", "rows that were added since the data was made", integer(0, Number.MAX_SAFE_INTEGER))
    .addHelpText("after", "\nExample:\n  lading simulate stickyio --port 8080 --rows 5000")
    .action(async (name: string, options: Parameters<typeof import("./commands/simulate.ts").simulate>[1]) => {
      const { simulate } = await import("./commands/simulate.ts");
      exit(await simulate(name, options, host));
    });

  program
    .command("explain")
    .description("say what an error means and what to do; without a code, list all")
    .argument("[code]", "code of the error, such as CONFIG_MISSING")
    .action(async (code: string | undefined) => {
      const { explain } = await import("./commands/explain.ts");
      exit(explain(code, host));
    });

  return program;
}

function addRun(program: Command, host: Host, exit: (code: number) => void): void {
  program
    .command("run")
    .description("run a pipeline from a module (.ts, .mts, .js, .mjs, .cjs) or a document (.yaml, .yml, .json)")
    .argument("<file>", "the module or document")
    .option("--pipeline <name>", "which pipeline, where the module exports several")
    .option("--resources <names>", "only these resources, with commas between", list)
    .option("--fresh", "drop unfinished work of an earlier run and start over")
    .addOption(new Option("--json", "print events as JSON lines instead of the summary").conflicts("quiet"))
    .option("-q, --quiet", "print nothing but errors")
    .addHelpText(
      "after",
      "\nExamples:\n  lading run pipeline.ts --resources orders,customers\n  lading run pipeline.yaml --json",
    )
    .action(async (file: string, options: Parameters<typeof import("./commands/run.ts").run>[1], command: Command) => {
      const { run } = await import("./commands/run.ts");
      exit(await run(file, { ...options, ...command.optsWithGlobals() }, withProfile(host, command)));
    });
}

/** The profile is asked for as a part of where things are, not of how something is done. */
function withProfile(host: Host, command: Command): Host {
  const { profile } = command.optsWithGlobals<{ readonly profile?: string }>();
  return profile === undefined ? host : { ...host, profile };
}

function addPipeline(program: Command, host: Host, exit: (code: number) => void): void {
  program
    .command("pipeline")
    .description("show what is known of a pipeline that has run here")
    .argument("<name>", "name of the pipeline")
    .addArgument(
      new Argument("[what]", "what to show; load-package: what is unfinished and what was loaded")
        .choices(["info", "load-package"])
        .default("info"),
    )
    .argument("[load-id]", "with load-package: this package only, with all that is known of it")
    .option("--all", "with load-package: all that was loaded and is kept, not only the last five")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      "\nNothing is changed, and no database is asked: it can be used while a run is at work.\n\nExamples:\n  lading pipeline shop info\n  lading pipeline shop load-package\n  lading pipeline shop load-package 1795285252.332 --json",
    )
    .action(
      async (
        name: string,
        what: string,
        loadId: string | undefined,
        options: { all?: true; json?: true },
        command: Command,
      ) => {
        const here = withProfile(host, command);
        if (what === "load-package") {
          const { loadPackage } = await import("./commands/load-package.ts");
          exit(await loadPackage(name, { ...options, ...(loadId === undefined ? {} : { loadId }) }, here));
          return;
        }
        const { all, ...rest } = options;
        if (loadId !== undefined || all === true) {
          command.error(`error: ${loadId === undefined ? "--all" : `'${loadId}'`} goes with load-package`);
        }
        const { pipelineInfo } = await import("./commands/pipeline.ts");
        exit(await pipelineInfo(name, rest, here));
      },
    );
}

function addLoad(program: Command, host: Host, exit: (code: number) => void): void {
  program
    .command("load")
    .description("load JSON or JSON-lines files into a table")
    .argument("<files...>", "the files, read in this order; - for standard input")
    .requiredOption("--table <name>", "the table")
    .option("--pipeline <name>", "name of the pipeline", "load")
    .addOption(new Option("--destination <type>", "where to").choices(["duckdb", "postgres"]).default("duckdb"))
    .option("--database <path>", "the database file of DuckDB; default: <pipeline>.duckdb")
    .option("--dataset <name>", "the schema in the database; default: <pipeline>_dataset")
    .addOption(
      new Option("--write-disposition <how>", "what happens to rows that are there")
        .choices(["append", "replace", "merge"])
        .default("append"),
    )
    .option("--primary-key <columns>", "columns by which rows are merged, with commas between", list)
    .option("--fresh", "drop unfinished work of an earlier run and start over")
    .addOption(new Option("--json", "print events as JSON lines instead of the summary").conflicts("quiet"))
    .option("-q, --quiet", "print nothing but errors")
    .addHelpText(
      "after",
      "\nA file is an array, objects one after the other, or JSON lines; .gz is unpacked.\n\nExamples:\n  lading load orders.jsonl --table orders\n  lading load day-*.json --table days --write-disposition merge --primary-key id",
    )
    .action(
      async (files: string[], options: Parameters<typeof import("./commands/load.ts").load>[1], command: Command) => {
        const { load } = await import("./commands/load.ts");
        exit(await load(files, { ...options, ...command.optsWithGlobals() }, withProfile(host, command)));
      },
    );
}

/** The version in the package's own file, which lies two folders up from the sources and from the built files. */
function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

function list(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw new InvalidArgumentError("Names with commas between are wanted.");
  return names;
}

function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) {
      throw new InvalidArgumentError(`A whole number from ${least} to ${most} is wanted.`);
    }
    return number;
  };
}
