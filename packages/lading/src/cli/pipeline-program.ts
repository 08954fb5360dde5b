import { type Command, Option } from "commander";
import type { AbortPackagesOptions } from "./commands/abort-packages.ts";
import type { DropCommandOptions } from "./commands/drop.ts";
import type { LoadPackageOptions } from "./commands/load-package.ts";
import type { SchemaCommandOptions } from "./commands/schema.ts";
import type { SyncOptions } from "./commands/sync.ts";
import type { TraceOptions } from "./commands/trace.ts";
import type { Host } from "./host.ts";
import { withProfile } from "./with-profile.ts";

const examples = `
info, trace, load-package and schema only read what is on this machine: they may be used while a run is at work.
drop, sync and schema --from-destination ask the database that the last run has noted, or the one that is named.
drop and abort-packages show what would go, and ask; --yes does not ask, --dry-run only shows.

Examples:
  lading pipeline shop                                  the same as: lading pipeline shop info
  lading pipeline shop trace --json
  lading pipeline shop load-package 1795285252.332
  lading pipeline shop schema --format yaml
  lading pipeline shop drop orders "re:^invoice" --dry-run
  lading pipeline shop drop --state-paths resources.orders.incremental
  lading pipeline shop sync --database shop.duckdb --dataset shop_data
  lading pipeline shop abort-packages --yes`;

/** `lading pipeline NAME …`: the operations are commands with the name as first argument (see `operationFirst`). */
export function addPipeline(program: Command, host: Host, exit: (code: number) => void): void {
  const family = program
    .command("pipeline")
    .description("show what is known of a pipeline, and change what it remembers")
    .usage("<name> [operation] [options]")
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => [command.name(), ...command.aliases()].join(", ") })
    .addHelpText("after", examples);
  /** An operation, as it is written by whoever uses it. */
  const operation = (name: string, rest: string, description: string): Command => {
    const made = family.command(name).description(description).argument("<name>", "name of the pipeline");
    made.configureHelp({ commandUsage: () => `lading pipeline <name> ${name} ${rest}[options]` });
    return made.option("--json", "print it as one JSON object");
  };

  operation("info", "", "what is known of it on this machine (this is done where nothing else is said)").action(
    async (name: string, options: { readonly json?: true }, command: Command) => {
      const { pipelineInfo } = await import("./commands/pipeline.ts");
      exit(await pipelineInfo(name, options, withProfile(host, command)));
    },
  );

  operation("trace", "", "what the last run did, step by step, and why it failed").action(
    async (name: string, _options: TraceOptions, command: Command) => {
      const { trace } = await import("./commands/trace.ts");
      exit(await trace(name, command.optsWithGlobals(), withProfile(host, command)));
    },
  );

  operation("load-package", "[load-id] ", "what is unfinished, what was loaded, what the next run does")
    .argument("[load-id]", "this package only, with all that is known of it")
    .option("--all", "all that was loaded and is kept, not only the last five")
    .action(async (name: string, loadId: string | undefined, options: LoadPackageOptions, command: Command) => {
      const { loadPackage } = await import("./commands/load-package.ts");
      exit(
        await loadPackage(name, { ...options, ...(loadId !== undefined && { loadId }) }, withProfile(host, command)),
      );
    });

  withPlace(operation("schema", "", "tables and columns, as they were loaded last"))
    .addOption(
      new Option("--format <format>", "how; json, yaml and mermaid for other programs")
        .choices(["text", "json", "yaml", "mermaid"])
        .conflicts("json"),
    )
    .option("--schema <name>", "this schema only, where there are several")
    .option("--from-destination", "ask the destination, not this machine; so does naming a place")
    .action(async (name: string, options: SchemaCommandOptions, command: Command) => {
      const { schema } = await import("./commands/schema.ts");
      exit(await schema(name, options, withProfile(host, command)));
    });

  withPlace(operation("sync", "", "what the destination has of it, which is what the next run begins with")).action(
    async (name: string, options: SyncOptions, command: Command) => {
      const { sync } = await import("./commands/sync.ts");
      exit(await sync(name, options, withProfile(host, command)));
    },
  );

  withConsent(withPlace(operation("drop", "[resources...] ", "drop tables, and what their resources remember")))
    .argument("[resources...]", "names of resources, or expressions for the beginning of one: re:^order")
    .option("--drop-all", "all resources of the schema")
    .option("--state-paths <paths...>", "places in what the source remembers: page, resources.orders.incremental, *")
    .option("--state-only", "only what is remembered: tables stay")
    .option("--schema <name>", "the schema, where what is to go is in several")
    .action(async (name: string, resources: readonly string[], options: DropCommandOptions, command: Command) => {
      const { drop } = await import("./commands/drop.ts");
      exit(await drop(name, resources, options, withProfile(host, command)));
    });

  withConsent(operation("abort-packages", "[load-id] ", "give up packages that wait to be loaded; nothing is deleted"))
    .alias("drop-pending-packages")
    .argument("[load-id]", "this package and all that are newer; default: all that wait")
    .action(async (name: string, loadId: string | undefined, options: AbortPackagesOptions, command: Command) => {
      const { abortPackages } = await import("./commands/abort-packages.ts");
      exit(
        await abortPackages(name, { ...options, ...(loadId !== undefined && { loadId }) }, withProfile(host, command)),
      );
    });
}

/** Where the data is; the last run has noted it, where one has run here. */
function withPlace(command: Command): Command {
  return command
    .option("--file <file>", "the module or document that has the pipeline, as for `lading run`")
    .addOption(new Option("--destination <type>", "where the data is").choices(["duckdb"]))
    .option("--database <path>", "the database file")
    .option("--dataset-name, --dataset <name>", "the dataset, as it is called in the database");
}

function withConsent(command: Command): Command {
  return command
    .option("-y, --yes", "do it without asking")
    .addOption(new Option("--dry-run", "only show what would be done").conflicts("yes"));
}
