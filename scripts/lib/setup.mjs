import { build } from "./build.mjs";
import { Failure } from "./failure.mjs";
import { install } from "./install.mjs";
import { root } from "./project.mjs";

/**
 * Makes a fresh clone ready: installs what is missing and builds what is stale.
 * @param {{ dev: boolean, kind?: "javascript" | "full" | "none", force?: boolean, signal: AbortSignal }} options
 *   `dev`: the tools for tests too; `kind`: what is built, see `build.mjs`; `force`: fresh builds as well
 */
export async function setup({ dev, kind = "javascript", force = false, signal }) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Failure(`This is Node ${process.versions.node}; 20.19 or later is needed.`, "See https://nodejs.org");
  }
  const say = (line) => process.stderr.write(`${line}\n`);
  await install(root, { dev, signal, say });
  if (kind !== "none") await build(root, { kind, force, signal, say });
}
