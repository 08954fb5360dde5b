import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LadingError } from "../errors/index.ts";

/** What {@link activeProfile} looks at. */
export interface ProfileOptions {
  /** The project's folder. */
  readonly project: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asked for outright. */
  readonly profile?: string | undefined;
}

/** Where a project's settings are: `.dlt`. */
export function settingsFolder({ project, env }: Pick<ProfileOptions, "project" | "env">): string {
  return join(project, env["DLT_CONFIG_FOLDER"] || ".dlt");
}

/**
 * The profile that is in use, as dlt 1.31 chooses it: the one asked for, else `WORKSPACE__PROFILE`, else the first line of
 * `.dlt/profile-name`, else `dev`. Only a workspace, which is a project with a file `.dlt/.workspace`, has profiles: elsewhere
 * there is none, and variable and file mean nothing.
 *
 * Throws `INVALID_ARGUMENT` for one that was asked for where there are none, and for a name that is no name of a folder.
 */
export function activeProfile(options: ProfileOptions): string | undefined {
  const folder = settingsFolder(options);
  if (!existsSync(join(folder, ".workspace"))) {
    if (options.profile === undefined) return undefined;
    throw new LadingError(
      "INVALID_ARGUMENT",
      `There is no profile "${options.profile}": this project has no profiles.`,
      {
        hint: `Only a workspace has them. Make it one with an empty file ${join(folder, ".workspace")}.`,
      },
    );
  }
  const name = options.profile ?? (options.env["WORKSPACE__PROFILE"] || pinned(folder) || "dev");
  if (/^\.*$|[/\\\u0000]/.test(name)) {
    throw new LadingError("INVALID_ARGUMENT", `"${name}" cannot be the name of a profile.`, {
      hint: "It is a part of the names of files and folders: leave out slashes.",
    });
  }
  return name;
}

function pinned(folder: string): string | undefined {
  const file = join(folder, "profile-name");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n", 1)[0]?.trim() : undefined;
}
