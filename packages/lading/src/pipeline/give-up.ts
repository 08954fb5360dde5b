import { readSetting } from "../config/read-setting.ts";
import type { DestinationClient } from "../destination/destination.ts";
import { LadingError } from "../errors/index.ts";
import { isPackageLoaded } from "../load/load-package.ts";
import type { SealedPackage } from "../load-package/package-store.ts";
import { abortPackages } from "./abort-packages.ts";
import type { Job } from "./job.ts";
import type { RemainingSources } from "./remaining-sources.ts";
import { maySetAside, setAsideFolder } from "./set-aside.ts";

/**
 * Gives up a package that the destination refuses for good, and those that go on from it, where the run was asked to.
 * @returns the error to throw
 */
export async function giveUpWhereAsked(
  job: Job,
  remaining: RemainingSources,
  client: DestinationClient,
  sealed: SealedPackage,
  error: unknown,
): Promise<unknown> {
  const { loadId } = sealed.manifest;
  if (!maySetAside(error) || !isAsked(job)) return error;
  // With `fresh` it is set aside anyway, and the run goes on. One that was committed after all is not given up.
  if (job.options.fresh === true || (await isPackageLoaded(client, sealed).catch(() => true))) return error;
  await abortPackages(job, remaining, { from: loadId, why: error });
  return new LadingError(error.code, error.message, {
    cause: error,
    hint: `The package ${loadId} was given up and is in ${setAsideFolder(job.folder, loadId)}, as onTerminalError is "abort". The next run reads the source again.`,
    details: { ...error.details, loadId },
  });
}

function isAsked({ options, config }: Job): boolean {
  if (options.onTerminalError !== undefined) return options.onTerminalError === "abort";
  return readSetting(config, "auto_abort_on_terminal_error", "bool", ["load"]) ?? false;
}
