import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Failure } from "./failure.mjs";
import { hydrated, isEnterable, programsOfTools, reachable } from "./postgres-programs.mjs";

/** The server refuses to run as root; `nobody` is there on every system that has a root. */
const nobody = 65534;

/**
 * Starts a PostgreSQL server of one's own, on loopback, with its data in a temporary folder or in one that is kept.
 * @param {{ major?: 15 | 18, native?: string, keep?: string, settings?: Readonly<Record<string, string>>, signal?: AbortSignal }} [options]
 *   `native`: the folder with the server's programs, default those of the tools; `keep`: a folder where data stays and is
 *   found again; `settings`: of the server
 * @returns {Promise<PostgresServer>}
 *
 * @typedef {object} PostgresServer
 * @property {string} url of its database, as its superuser
 * @property {boolean} isKept whether the data stays when it is stopped: not where `keep` is none or cannot be reached
 * @property {number} port
 * @property {() => Promise<void>} kill as the power failing would
 * @property {() => Promise<void>} start after it was killed or stopped
 * @property {(files: Readonly<Record<string, string>>) => Promise<void>} configure puts files into the server's folder, such
 *   as `pg_hba.conf`, and starts it anew
 * @property {() => Promise<void>} stop and removes the data, unless it is kept
 */
export async function startPostgres({ major = 18, native: given, keep, settings = {}, signal } = {}) {
  const asRoot = process.getuid?.() === 0;
  const temporary = mkdtempSync(join(tmpdir(), "lading-postgres-"));
  const as = asRoot ? { uid: nobody, gid: nobody } : {};
  const own = (path) => asRoot && chownSync(path, nobody, nobody);
  own(temporary);
  const native = reachable(hydrated(given ?? programsOfTools(major)), temporary, asRoot);
  const program = (name) => join(native, "bin", process.platform === "win32" ? `${name}.exe` : name);
  const isKept = keep !== undefined && (!asRoot || isEnterable(dirname(keep)));
  const folder = isKept ? keep : temporary;
  const data = join(folder, "data");
  const log = join(folder, "log");
  const port = await freePort();

  const call = async (name, args, { signal: stop } = { signal }) => {
    const child = spawn(program(name), args, { ...as, cwd: folder, stdio: ["ignore", "pipe", "pipe"], signal: stop });
    let said = "";
    child.stdout.on("data", (text) => (said += text));
    child.stderr.on("data", (text) => (said += text));
    // The server inherits the pipes and keeps them open: the end of the program is what counts.
    const code = await new Promise((resolve, reject) => child.once("error", reject).once("exit", resolve));
    child.stdout.destroy();
    child.stderr.destroy();
    if (code !== 0)
      throw new Failure(
        `${name} of PostgreSQL ${major} failed:\n${said}${existsSync(log) ? readFileSync(log, "utf8").slice(-2000) : ""}`,
        /effective user ID/.test(said) ? "PostgreSQL runs only as a user with a name, as in /etc/passwd." : undefined,
      );
  };
  // What stops a server is not itself stopped by the signal.
  const halt = (mode) => call("pg_ctl", ["stop", "-w", "-m", mode, "-D", data], {});
  const flags = { listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: "", ...settings };
  const start = () =>
    call("pg_ctl", [
      "start",
      "-w",
      "-t",
      "60",
      "-D",
      data,
      "-l",
      log,
      "-o",
      Object.entries(flags)
        .map(([key, value]) => `-c ${key}='${value}'`)
        .join(" "),
    ]);
  const configure = async (files) => {
    await halt("fast");
    for (const [name, text] of Object.entries(files)) {
      const file = join(data, name);
      writeFileSync(file, text, { mode: 0o600 });
      own(file);
    }
    await start();
  };
  const processId = () => processIdIn(join(data, "postmaster.pid"));
  const kill = async () => {
    const pid = processId();
    // Stopped first, so that it starts no other.
    process.kill(pid, "SIGSTOP");
    const all = [pid, ...(await childrenOf(pid))];
    for (const one of all) {
      try {
        process.kill(one, "SIGKILL");
      } catch {
        // It has ended meanwhile.
      }
    }
    while (all.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  /** Makes the data, and gives it its name once it is whole. */
  const create = async () => {
    const [draft, passwordFile] = [join(folder, "draft"), join(folder, "password")];
    rmSync(draft, { recursive: true, force: true });
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    own(passwordFile);
    const options = ["-D", draft, "-U", "lading", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C"];
    await call("initdb", [...options, `--pwfile=${passwordFile}`, ...(isKept ? [] : ["--no-sync"])]);
    renameSync(draft, data);
  };
  const starter = join(folder, "starter");
  const remove = () => {
    rmSync(temporary, { recursive: true, force: true });
    if (isClaimed) rmSync(starter, { force: true });
  };
  const atExit = () => {
    try {
      process.kill(processId(), isKept ? "SIGINT" : "SIGKILL");
    } catch {
      // It does not run.
    }
    remove();
  };
  let isClaimed = false;
  let isStarted = false;
  let password = "lading-test";
  try {
    if (isKept) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      own(folder);
      claim(folder, starter);
      isClaimed = true;
    }
    if (isKept && existsSync(data)) {
      password = readFileSync(join(folder, "password"), "utf8").trim();
      await takeOver(data, major, () => halt("fast"));
    } else {
      // Worth more than a test's data, and anybody on this machine reaches the port.
      if (isKept) password = randomBytes(16).toString("hex");
      await create();
    }
    process.once("exit", atExit);
    isStarted = true;
    await start();
  } catch (error) {
    process.off("exit", atExit);
    if (isStarted) await halt("immediate").catch(() => {});
    remove();
    throw error;
  }
  return {
    url: `postgresql://lading:${password}@127.0.0.1:${port}/postgres`,
    isKept,
    port,
    kill,
    start,
    configure,
    async stop() {
      await halt(isKept ? "fast" : "immediate").catch(() => {});
      process.off("exit", atExit);
      remove();
    },
  };
}

/** One process at a time is at work in a folder that is kept. */
function claim(folder, file) {
  const starter = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  if (starter > 0 && isAlive(starter))
    throw new Failure(
      `Process ${starter} is at work in ${folder}.`,
      `Wait until it has ended; if it is none of ours, remove ${file}.`,
    );
  writeFileSync(file, String(process.pid));
}

/** Data that was kept must be of this version; a server whose starter was killed is stopped. */
async function takeOver(data, major, halt) {
  const found = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
  if (found !== String(major))
    throw new Failure(`${data} was made by PostgreSQL ${found}, and this is ${major}.`, "Remove the folder.");
  const file = join(data, "postmaster.pid");
  if (existsSync(file) && isAlive(processIdIn(file))) await halt();
}

const processIdIn = (file) => Number(readFileSync(file, "utf8").split("\n", 1)[0]);

/** The processes that a process has started. */
async function childrenOf(pid) {
  if (process.platform === "win32") return [];
  const child = spawn("ps", ["-A", "-o", "pid=,ppid="], { stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  await new Promise((resolve) => child.once("error", resolve).once("close", resolve));
  return said
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([own]) => own);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
