import { join, resolve } from "node:path";
import { activeProfile, settingsFolder } from "../config/profile.ts";
import { projectFolder } from "../config/project-folder.ts";
import { LadingError } from "../errors/index.ts";

/** Where a pipeline works on this machine. */
export interface WorkingFolder {
  /** Where the paths of destinations begin: the project, in a workspace `.dlt/data/<profile>`. */
  readonly local: string;
  /** Where the folders of all pipelines are: `.lading`. */
  readonly base: string;
  /** This pipeline's own folder: `.lading/<name>`, in a workspace `.lading/profile.<profile>/<name>`. */
  readonly folder: string;
  /** The profile in use, where the project is a workspace. */
  readonly profile: string | undefined;
}

export interface WorkingFolderOptions {
  readonly pipeline: string;
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of `.lading` beside `package.json`. */
  readonly workingFolder?: string | undefined;
  /** See `activeProfile`. */
  readonly profile?: string | undefined;
}

/**
 * The folders of a pipeline: `workingFolder`, else `LADING_HOME`, else `.lading` in the project. Profiles have folders of their
 * own, so that what one has extracted is not loaded by another one. The data is where dlt has it: in `DLT_LOCAL_DIR`, else in
 * the project, in a workspace in the profile's folder (`dlt-1.31` 10.2). Throws `NAME_EMPTY`, `INVALID_ARGUMENT`.
 */
export function workingFolder(options: WorkingFolderOptions): WorkingFolder {
  checkName(options.pipeline);
  const project = projectFolder(options);
  const base = options.workingFolder ?? (options.env["LADING_HOME"] || join(project, ".lading"));
  const profile = activeProfile({ ...options, project });
  const data = options.env["DLT_LOCAL_DIR"];
  if (profile === undefined) {
    return { local: data ? resolve(options.cwd, data) : project, base, folder: join(base, options.pipeline), profile };
  }
  return {
    local: data ? resolve(options.cwd, data) : join(settingsFolder({ project, env: options.env }), "data", profile),
    base,
    // A pipeline's name has no dot.
    folder: join(base, `profile.${profile}`, options.pipeline),
    profile,
  };
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
