import { spawn } from "node:child_process";
import { Failure } from "./failure.mjs";

/**
 * Starts a server as a process of its own, and waits for the line in which it says its address.
 * @param {readonly string[]} args of node
 * @param {{ cwd?: string, signal: AbortSignal, seconds?: number }} options
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `close` ends the process and waits until it is gone
 */
export async function startServer(args, { cwd, signal, seconds = 60 }) {
  signal.throwIfAborted();
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  const gone = new Promise((resolve) => child.once("close", resolve));
  const close = async () => {
    child.kill();
    const hard = setTimeout(() => child.kill("SIGKILL"), 3000);
    await gone;
    clearTimeout(hard);
  };
  // Whatever ends us ends it too.
  const atExit = () => child.kill("SIGKILL");
  process.once("exit", atExit);
  void gone.then(() => process.off("exit", atExit));

  let said = "";
  try {
    const url = await new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Failure(`The server did not start within ${seconds} s.\n${said}`)),
        seconds * 1000,
      );
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      const listen = (chunk) => {
        said += chunk;
        const [found] = /https?:\/\/127\.0\.0\.1:\d+[^\s"]*(?=[\s"])/.exec(said) ?? [];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      void gone.then(() => reject(new Failure(`The server ended at once:\n${said}`)));
    });
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
