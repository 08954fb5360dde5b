/**
 * What is wrong with a package-lock.json (version 3), as sentences; none when it serves every machine.
 *
 * npm leaves a native package of another system out of the lock file when the registry it asked had it not; `npm ci`
 * then fails there. And a `resolved` address binds the file to the registry that it was made with.
 * @param {{ readonly packages: Readonly<Record<string, { readonly resolved?: string, readonly link?: boolean, readonly integrity?: string, readonly optionalDependencies?: Readonly<Record<string, string>> }>> }} lock
 * @returns {string[]}
 */
export function lockFileFaults({ packages }) {
  const faults = [];
  for (const [path, entry] of Object.entries(packages)) {
    if (entry.link) continue;
    if (entry.resolved !== undefined) faults.push(`${path} names the registry it came from: ${entry.resolved}`);
    if (path.includes("node_modules/") && entry.integrity === undefined) faults.push(`${path} has no integrity hash`);
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!find(packages, path, name))
        faults.push(`${path || "the workspace"} wants ${name}, which the lock file lacks`);
    }
  }
  return faults;
}

/** Looks a dependency up as Node does: in the package's own folder of modules, then in those above. */
function find(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    if (`${folder}${folder === "" ? "" : "/"}node_modules/${name}` in packages) return true;
    if (folder === "") return false;
  }
}
