import type { StoredContract } from "../schema/contract.ts";
import type { SchemaContract } from "./hints.ts";

/** A contract as dlt stores it. */
export function storedContract(contract: SchemaContract): StoredContract {
  if (typeof contract === "string") return contract;
  const { tables, columns, dataType } = contract;
  return {
    ...(tables !== undefined && { tables }),
    ...(columns !== undefined && { columns }),
    ...(dataType !== undefined && { data_type: dataType }),
  };
}

/** A contract as it stands in dlt's own documents. */
export function contractFromDlt(stored: StoredContract): SchemaContract {
  if (typeof stored === "string") return stored;
  const { data_type: dataType, ...rest } = stored;
  return { ...rest, ...(dataType !== undefined && { dataType }) };
}
