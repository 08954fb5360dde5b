import { LadingError } from "../errors/index.ts";
import type { Resource } from "../resource/resource.ts";

/** A resource and those that are fed its pages. */
export interface ResourceNode {
  readonly resource: Resource;
  /** Its rows are loaded; otherwise it is read for its children only. */
  readonly loaded: boolean;
  readonly children: readonly ResourceNode[];
}

/**
 * The resources of a source as trees: each parent is read once, whether it is loaded or not.
 * @param selected names of those that are wanted; default: all that are not `selected: false`
 * @returns the roots, in the order of declaration
 */
export function resourceTrees(resources: readonly Resource[], selected?: readonly string[]): ResourceNode[] {
  const known = new Set(resources.map((resource) => resource.name));
  for (const name of selected ?? []) {
    if (known.has(name)) continue;
    throw new LadingError("INVALID_ARGUMENT", `There is no resource "${name}" to select.`, {
      hint: `There are: ${[...known].join(", ")}.`,
    });
  }
  const loaded = (resource: Resource): boolean =>
    known.has(resource.name) && (selected?.includes(resource.name) ?? resource.selected !== false);

  const needed = new Map<string, Resource>();
  for (const resource of resources) {
    if (!loaded(resource)) continue;
    for (let one: Resource | undefined = resource; one !== undefined; one = one.parent) {
      const other = needed.get(one.name);
      if (other !== undefined && other !== one) {
        throw new LadingError("INVALID_ARGUMENT", `Two different resources are called "${one.name}".`, {
          hint: "Give one of them another name; a parent that is only read counts too.",
        });
      }
      needed.set(one.name, one);
    }
  }
  const all = [...needed.values()];
  const node = (resource: Resource): ResourceNode => ({
    resource,
    loaded: loaded(resource),
    children: all.filter((one) => one.parent?.name === resource.name).map(node),
  });
  const order = resources.map((resource) => resource.name);
  return all
    .filter((resource) => resource.parent === undefined)
    .toSorted((a, b) => place(order, a) - place(order, b))
    .map(node);
}

/** A parent outside of the list stands where its first child would. */
function place(order: readonly string[], resource: Resource): number {
  const index = order.indexOf(resource.name);
  return index < 0 ? order.length : index;
}

/** A node and all below it. */
export function descendants(node: ResourceNode): ResourceNode[] {
  return [node, ...node.children.flatMap(descendants)];
}
