import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LadingError } from "../../errors/index.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { didYouMean } from "../../util/suggest.ts";

/** The options of `lading simulate`. Numbers that are not given are the simulator's to choose. */
export interface SimulateOptions {
  readonly port: number;
  readonly rows?: number;
  readonly seed?: number;
  readonly perPage?: number;
  readonly touch?: number;
  readonly grow?: number;
}

/** What a connector's module `…/simulator` gives. */
interface SimulatorModule {
  readonly createSimulator: (options: {
    readonly rows?: number;
    readonly seed?: number;
    readonly perPage?: number;
    readonly username: string;
    readonly password: string;
    readonly now: () => number;
  }) => Simulator;
}

interface Simulator {
  listen(port: number): Promise<{ readonly url: string; readonly port: number }>;
  close(): Promise<void>;
  touch(count: number): void;
  grow(count: number): void;
}

const simulators = ["stickyio"];

/** Serves an API with made-up data until the host's signal; its address is the first thing on stdout. */
export async function simulate(name: string, options: SimulateOptions, host: Host): Promise<number> {
  if (!simulators.includes(name)) {
    throw new LadingError("USAGE", `There is no simulator "${name}".${didYouMean(name, simulators)}`, {
      hint: `There is: ${simulators.join(", ")}.`,
    });
  }
  const { createSimulator } = await importSimulator(name, host.cwd);
  const { port, touch, grow, ...rest } = options;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const simulator = createSimulator({ ...given, username: "demo", password: "demo", now: host.now });
  if (grow !== undefined) simulator.grow(grow);
  if (touch !== undefined) simulator.touch(touch);

  const { url } = await listen(simulator, port);
  host.stdout.write(`${url}\nuser demo, password demo\n`);
  host.stderr.write("Ctrl-C ends it.\n");
  await aborted(host.signal);
  await simulator.close();
  return exitCodes.ok.code;
}

async function listen(simulator: Simulator, port: number): Promise<{ readonly url: string }> {
  try {
    return await simulator.listen(port);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw cause;
    const why = code === "EACCES" ? "may not be used" : "is in use";
    throw new LadingError("USAGE", `Port ${port} ${why}.`, {
      cause,
      hint: "Choose another one, or none for a free one.",
    });
  }
}

/** The project's own connectors come first, then those beside this library. */
async function importSimulator(name: string, cwd: string): Promise<SimulatorModule> {
  const specifier = `@lading/connectors/${name}/simulator`;
  try {
    return (await import(resolveFrom(cwd, specifier) ?? specifier)) as SimulatorModule;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const missing =
      code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED";
    if (!missing || !message.includes("@lading/connectors")) throw cause;
    throw new LadingError(
      "CONNECTORS_MISSING",
      `The simulator of ${name} is in @lading/connectors, which is not installed.`,
      { cause },
    );
  }
}

function resolveFrom(cwd: string, specifier: string): string | undefined {
  try {
    return pathToFileURL(createRequire(join(cwd, "package.json")).resolve(specifier)).href;
  } catch {
    return undefined;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    // A pending promise alone would not keep a process; the server does.
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
