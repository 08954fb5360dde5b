import { join } from "node:path";
import { projectFolder } from "../config/project-folder.ts";
import { LadingError } from "../errors/index.ts";

/** Where a pipeline works on this machine. */
export interface WorkingFolder {
  /** The project: relative paths of destinations begin here. */
  readonly project: string;
  /** This pipeline's own folder: `.lading/<name>`. */
  readonly folder: string;
}

export interface WorkingFolderOptions {
  readonly pipeline: string;
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of `.lading` beside `package.json`. */
  readonly workingFolder?: string | undefined;
}

/** The folders of a pipeline: `workingFolder`, else `LADING_HOME`, else `.lading` in the project. Throws `NAME_EMPTY`. */
export function workingFolder(options: WorkingFolderOptions): WorkingFolder {
  checkName(options.pipeline);
  const project = projectFolder(options);
  const home = options.workingFolder ?? (options.env["LADING_HOME"] || join(project, ".lading"));
  return { project, folder: join(home, options.pipeline) };
}

/** A pipeline's name is the name of a folder, here and in dlt (spec dlt-core 1.5). */
function checkName(name: string): void {
  if (name.trim() === "") throw new LadingError("NAME_EMPTY", "The pipeline has no name.");
  if (/[./\\%{}\u0000]/.test(name) || name.startsWith("~")) {
    throw new LadingError("INVALID_ARGUMENT", `"${name}" cannot be the name of a pipeline.`, {
      hint: "Leave out dots, slashes, percent signs and braces.",
    });
  }
}
