import { existsSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Failure } from "./failure.mjs";
import { readNote, writeNote } from "./note.mjs";
import { readJson } from "./project.mjs";
import { run } from "./run.mjs";

/**
 * Installs what the lock file names and `node_modules` lacks; does nothing where all of it is there.
 * @param {string} root
 * @param {{ dev: boolean, signal: AbortSignal, say: (line: string) => void }} options `dev`: the tools for tests too
 * @returns {Promise<boolean>} whether something was installed
 */
export async function install(root, { dev, signal, say }) {
  const lockFile = join(root, "package-lock.json");
  const lock = readJson(lockFile).packages;
  const hash = createHash("sha256").update(readFileSync(lockFile)).digest("hex");
  // Optional packages (natives) that npm could not bring once are not asked for again until the lock file changes.
  const optional = readNote(root, "installed") !== hash;
  const missing = missingPackages(root, lock, { dev, optional });
  if (missing.length > 0) {
    // A checkout with the tools keeps them: `npm ci --omit=dev` would take them away.
    const full =
      dev || Object.entries(lock).some(([path, entry]) => entry.dev && !entry.optional && isThere(root, path, entry));
    const what = full ? "the libraries and the tools" : "the libraries";
    say(`Installing ${what} with npm ci (${missing.length} packages are missing) …`);
    // Said aloud, because NODE_ENV=production and `omit` in a user's npmrc decide it otherwise.
    await npmCi(root, { options: [full ? "--include=dev" : "--omit=dev"], signal, say });
  }
  if (optional) writeNote(root, "installed", hash);
  return missing.length > 0;
}

/** @returns {string[]} the paths of the lock file's packages that this machine should have and has not, or in another version */
function missingPackages(root, lock, { dev, optional }) {
  return Object.entries(lock)
    .filter(
      ([path, entry]) =>
        path.includes("node_modules/") && isWanted(entry, { dev, optional }) && !isThere(root, path, entry),
    )
    .map(([path]) => path);
}

function isWanted(entry, { dev, optional }) {
  if ((entry.dev || entry.devOptional) && !dev) return false;
  if (!entry.optional && !entry.devOptional) return true;
  return optional && fits(entry.os, process.platform) && fits(entry.cpu, process.arch) && fits(entry.libc, libc());
}

/** A list of npm's `os`, `cpu` or `libc`: `["linux"]`, or `["!win32"]`. */
function fits(list, value) {
  if (list === undefined || value === undefined) return true;
  const [refused, allowed] = [list.filter((one) => one.startsWith("!")), list.filter((one) => !one.startsWith("!"))];
  return !refused.includes(`!${value}`) && (allowed.length === 0 || allowed.includes(value));
}

function libc() {
  if (process.platform !== "linux") return undefined;
  return existsSync("/etc/alpine-release") ? "musl" : "glibc";
}

function isThere(root, path, entry) {
  const manifest = join(root, path, "package.json");
  if (!existsSync(manifest)) return false;
  return entry.link === true || entry.version === undefined || readJson(manifest).version === entry.version;
}

/**
 * Has npm install what the lock file of a folder says.
 * @param {string} folder
 * @param {{ options?: readonly string[], signal: AbortSignal, say: (line: string) => void }} options
 */
export async function npmCi(folder, { options = [], signal, say }) {
  const always = [
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--no-progress",
    "--no-update-notifier",
    "--loglevel=error",
    "--include=optional",
  ];
  const command = [...npm(), "ci", "--prefix", folder, ...always, ...options];
  const { code, output, milliseconds } = await run(command, {
    cwd: folder,
    signal,
    shell: command[0] === "npm" && process.platform === "win32",
  }).catch((error) => {
    throw signal.aborted
      ? error
      : new Failure("npm could not be started.", "Node.js brings npm: see https://nodejs.org", error);
  });
  if (code !== 0) throw new Failure(`npm ci failed:\n${indent(output)}`, hintFor(output));
  say(`Installed in ${(milliseconds / 1000).toFixed(1)} s.`);
}

/** The npm that started us, so that its version and its settings hold; else the one in PATH. */
const npm = () =>
  process.env.npm_execpath?.endsWith("npm-cli.js") ? [process.execPath, process.env.npm_execpath] : ["npm"];

function hintFor(output) {
  if (/EROFS|EACCES|EPERM/.test(output))
    return "The folder cannot be written. Copy the project to a folder that you may write to.";
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENOTCACHED|network/i.test(output)) {
    return "The npm registry was not reached. Look at the network, the proxy and `npm config get registry`; then run this again.";
  }
  if (/EUSAGE|in sync/.test(output))
    return "package.json and package-lock.json disagree: run `npm install` once and commit the lock file.";
  if (/ENOSPC/.test(output)) return "The disk is full.";
  return "Run `npm ci` by hand to see more.";
}

/** The end of what npm said, without its news and stacks. */
function indent(text) {
  const lines = text.split("\n").filter((line) => !/^npm notice|^npm error\s+at |^\s*$/.test(line));
  return lines
    .slice(-30)
    .map((line) => `    ${line}`)
    .join("\n");
}
