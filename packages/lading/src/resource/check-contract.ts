import { LadingError } from "../errors/index.ts";
import { contractModes } from "../schema/contract.ts";
import type { SchemaContract } from "./hints.ts";

const keys = ["tables", "columns", "dataType"];

/**
 * Checks a contract before anything is read.
 *
 * @param what how the message names what it was given to
 * @throws LadingError INVALID_ARGUMENT
 */
export function checkContract(what: string, contract: SchemaContract | undefined): void {
  if (contract === undefined) return;
  const modes: readonly (readonly [string, unknown])[] =
    typeof contract === "string"
      ? [["everything", contract]]
      : Object.entries(contract).filter(([, mode]) => mode !== undefined);
  for (const [key, mode] of modes) {
    if (typeof contract !== "string" && !keys.includes(key)) {
      throw new LadingError("INVALID_ARGUMENT", `The contract of ${what} says something of "${key}".`, {
        hint: `A contract is about ${keys.join(", ")}.`,
      });
    }
    if (contractModes.some((known) => known === mode)) continue;
    throw new LadingError("INVALID_ARGUMENT", `The contract of ${what} has no mode "${String(mode)}" (${key}).`, {
      hint: `The modes are: ${contractModes.join(", ")}.`,
    });
  }
}
