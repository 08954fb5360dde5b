import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** What {@link projectFolder} needs. */
export interface ProjectFolderOptions {
  /** Where to begin. */
  readonly cwd: string;
  /** The home folder: `.dlt` there is global, and makes no project of it. */
  readonly home: string;
  /** `DLT_PROJECT_DIR` names the folder outright. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The nearest folder upwards with a `package.json` or a `.dlt` in it, else the folder itself. */
export function projectFolder({ cwd, home, env }: ProjectFolderOptions): string {
  const named = env["DLT_PROJECT_DIR"];
  if (named) return resolve(cwd, named);
  const start = resolve(cwd);
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder !== resolve(home) && existsSync(join(folder, ".dlt"))) return folder;
    if (dirname(folder) === folder) return start;
  }
}
