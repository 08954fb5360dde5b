/**
 * What a resource's state may hold. Beyond JSON there are `bigint`, for integers that a `number` would damage, and
 * `Date`; both are kept on the wire (`typedStringify` of util/json-text.ts), and neither survives `JSON.stringify`.
 */
export type StateValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | readonly StateValue[]
  | { readonly [key: string]: StateValue };
