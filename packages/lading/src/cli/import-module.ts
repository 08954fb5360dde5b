import { extname } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LadingError } from "../errors/index.ts";

/**
 * Imports a user's module. TypeScript is left to Node where it can read it, and else to jiti; so is TypeScript that
 * Node cannot only strip (enums). Throws `MODULE_FAILED` with what the module threw, or an error of Lading as it is.
 * @param path absolute
 */
export async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await (/^\.[cm]?ts$/.test(extname(path)) ? importTypeScript(path) : importNative(path));
  } catch (cause) {
    if (LadingError.is(cause)) throw cause;
    throw moduleFailed(path, cause);
  }
}

type Module = Readonly<Record<string, unknown>>;

async function importTypeScript(path: string): Promise<Module> {
  // Node 20 does not know this feature.
  if ("typescript" in process.features && process.features.typescript) {
    try {
      return await importNative(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") throw error;
    }
  }
  const { createJiti } = await import("jiti");
  return createJiti(pathToFileURL(path).href, { fsCache: false }).import<Module>(path);
}

function importNative(path: string): Promise<Module> {
  return import(pathToFileURL(path).href) as Promise<Module>;
}

function moduleFailed(path: string, cause: unknown): LadingError {
  const advice = adviceFor(cause);
  const hint = advice === undefined ? {} : { hint: advice };
  return new LadingError("MODULE_FAILED", `${syntaxErrorPlace(cause) ?? path} cannot be loaded.`, {
    cause,
    ...hint,
    details: { path },
  });
}

function adviceFor(cause: unknown): string | undefined {
  const missing = missingPackage(cause);
  if (missing !== undefined) return `Install what it imports: npm install ${missing}`;
  // jiti leaves `using` as it is.
  const needsNewer = cause instanceof SyntaxError && cause.message.startsWith("Unexpected identifier");
  const major = Number.parseInt(process.versions.node, 10);
  return needsNewer && major < 24
    ? `Mend the syntax at this place. If it is \`using\`: that needs Node 24, and this is Node ${major}; try … finally does the same.`
    : undefined;
}

/** The package that Node did not find; a file that is not there is not one. */
function missingPackage(cause: unknown): string | undefined {
  // Anything can be thrown, null too.
  const { code, message } = (cause ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") return undefined;
  const specifier = /'([^']+)'/.exec(String(message))?.[1];
  return specifier === undefined || /^[./]|^[a-z]+:|^[A-Z]:\\/.test(specifier) ? undefined : packageOf(specifier);
}

/** `/shop/pipeline.mjs:12`: Node tells the place of a syntax error in the first line of the stack only. */
function syntaxErrorPlace(cause: unknown): string | undefined {
  if (!(cause instanceof SyntaxError)) return undefined;
  const [, url, line] = /^(file:\/\/\S+):(\d+)\n/.exec(cause.stack ?? "") ?? [];
  return url === undefined ? undefined : `${fileURLToPath(url)}:${line}`;
}

function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
