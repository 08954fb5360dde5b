import { expect } from "vitest";
import type { Cell } from "./stored-trees.ts";
import { treeDifference } from "./tree-difference.ts";
import type { Tree } from "./tree.ts";

/** The number of a document, `n`, among the cells of its tree. */
export function numberOf(tree: Tree | Tree<Cell>): number {
  const cell = tree.cells.get("n");
  return Number(typeof cell === "object" && cell !== null && "text" in cell ? cell.text : cell);
}

/** Fails where the stored trees are not the expected ones, each as often as it is expected. */
export function expectTrees(expected: readonly Tree[], stored: readonly Tree<Cell>[]): void {
  const inOrder = <T extends Tree | Tree<Cell>>(trees: readonly T[]): T[] =>
    trees.toSorted((a, b) => numberOf(a) - numberOf(b));
  const [wanted, there] = [inOrder(expected), inOrder(stored)];
  expect(there.map(numberOf)).toEqual(wanted.map(numberOf));
  for (const [index, tree] of wanted.entries()) expect(treeDifference(tree, there[index]!)).toBeUndefined();
}
