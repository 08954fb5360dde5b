import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** A Python that has dlt; or why there is none. */
export type PythonEnvironment =
  | { readonly executable: string; readonly reason?: undefined }
  | { readonly executable?: undefined; readonly reason: string };

export interface PythonOptions {
  /** As `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Is told before something is installed, which takes a while. */
  readonly note: (line: string) => void;
  /** For installing, in milliseconds. */
  readonly timeout?: number;
}

/** What dlt needs of Python, from 1.31 on. */
const leastPython = [3, 10] as const;
const windows = process.platform === "win32";

/**
 * A virtual environment with one version of dlt, made once and shared by all checkouts and runs: below
 * `LADING_TEST_PYTHON_CACHE`, else `$XDG_CACHE_HOME/lading`, else `~/.cache/lading`. It is made under a name of its own
 * and renamed, so that whoever finds it finds it whole, and two processes at once do each other no harm.
 *
 * Never throws for want of Python, `venv` or network: the reason comes back instead.
 */
export async function pythonWithDlt(version: string, options: PythonOptions): Promise<PythonEnvironment> {
  const { env, note, timeout = 300_000 } = options;
  const cache = env["LADING_TEST_PYTHON_CACHE"] ?? join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "lading");
  const folder = join(cache, `dlt-${version}`);
  const run = (program: string, args: readonly string[], time = 30_000): Promise<Ended> =>
    runProgram(program, args, { timeout: time, env });
  if (await hasDlt(run, folder, version)) return { executable: pythonOf(folder) };

  const python = await findPython(run);
  if (python === undefined) return { reason: `there is no Python ${leastPython.join(".")} or later` };
  note(`Installing dlt ${version} for Python into ${folder} (once) …`);
  const draft = `${folder}.${randomUUID()}`;
  try {
    await mkdir(cache, { recursive: true });
    const made = await run(python, ["-m", "venv", draft], timeout);
    if (made.code !== 0) return { reason: `Python cannot make a virtual environment: ${lastLine(made.output)}` };
    const requirements = join(draft, "requirements.txt");
    // DuckDB's driver for Node reads no files of the Python driver 2.x.
    await writeFile(requirements, `dlt[duckdb,postgres]==${version}\nduckdb<1.6\npyarrow\npsycopg2-binary<2.10\n`);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "-r", requirements];
    const installed = await run(pythonOf(draft), pip, timeout);
    if (installed.code !== 0) return { reason: `dlt ${version} cannot be installed: ${lastLine(installed.output)}` };
    await takePlace(run, draft, folder, version);
  } catch (error) {
    return { reason: `dlt ${version} cannot be installed: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  if (await hasDlt(run, folder, version)) return { executable: pythonOf(folder) };
  return { reason: `dlt ${version} was installed into ${folder}, and cannot be imported` };
}

/** Renames the draft; where another process was first, its environment stays, unless it is a broken one. */
async function takePlace(run: Run, draft: string, folder: string, version: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rename(draft, folder);
    } catch (error) {
      if (await hasDlt(run, folder, version)) return;
      if (attempt > 0 || !existsSync(folder)) throw error;
      // Its Python is gone, say.
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function pythonOf(folder: string): string {
  return windows ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}

async function hasDlt(run: Run, folder: string, version: string): Promise<boolean> {
  if (!existsSync(pythonOf(folder))) return false;
  const probe = `import importlib.metadata as m, duckdb, psycopg2, pyarrow; assert m.version("dlt") == "${version}"`;
  return (await run(pythonOf(folder), ["-c", probe])).code === 0;
}

async function findPython(run: Run): Promise<string | undefined> {
  const probe = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${leastPython.join(", ")}))`;
  for (const name of ["python3", "python"]) {
    if ((await run(name, ["-c", probe])).code === 0) return name;
  }
  return undefined;
}

interface Ended {
  readonly code: number;
  /** Of stdout and stderr. */
  readonly output: string;
}

type Run = (program: string, args: readonly string[], timeout?: number) => Promise<Ended>;

/** Runs a program to its end, or until the time is up; one that is not there ends with -1. */
function runProgram(
  program: string,
  args: readonly string[],
  { timeout, env }: { readonly timeout: number; readonly env: PythonOptions["env"] },
): Promise<Ended> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout, windowsHide: true });
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) => resolve({ code: -1, output: error.message }));
    child.on("close", (code, signal) => {
      const output = Buffer.concat(chunks).toString();
      resolve({ code: code ?? -1, output: signal === null ? output : `${output}\nstopped after ${timeout / 1000} s` });
    });
  });
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}
