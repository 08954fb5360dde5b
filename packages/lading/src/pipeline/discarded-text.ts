import type { ContractEntity } from "../schema/contract.ts";
import { stringify } from "../util/json-text.ts";
import { fromPlain } from "../util/json.ts";

/** Something that a contract left out. */
export interface DiscardedData {
  readonly table: string;
  readonly what: "row" | "value";
  readonly entity: ContractEntity;
  /** The column that the contract does not allow. */
  readonly column?: string | undefined;
  /** Where the value stands in the row. */
  readonly origin?: string | undefined;
  /** What is wrong with the row, where its schema says so. */
  readonly reason?: string;
  /** As it came, or flattened to values by column. */
  readonly row: unknown;
}

/** A line of the file in which a person finds what was left out: JSON, with every digit. */
export function discardedText({ what, entity, column, origin, reason, row }: DiscardedData): string {
  const content = { what, contract: entity, column, at: origin === column ? undefined : origin, reason };
  const known = Object.entries(content).filter(([, value]) => value !== undefined);
  const values = row instanceof Map ? new Map([...row].filter(([name]) => name !== "_dlt_load_id")) : fromPlain(row);
  return stringify(new Map([...(known as [string, string][]), ["row", values]]));
}
