const brand = Symbol.for("lading.secret");

/**
 * A secret that is looked up when it is first needed, and that is never printed.
 * @example `auth: { type: "bearer", token: secret("api_token") }`
 */
export interface Secret {
  /** The key it is looked up by, as dlt spells keys: `api_password`. */
  readonly key: string;
  toString(): string;
  toJSON(): string;
}

/** A secret by its key; see `config/create-config.ts` for where it is looked for. */
export function secret(key: string): Secret {
  const text = `[secret ${key}]`;
  return Object.defineProperty({ key, toString: () => text, toJSON: () => text }, brand, { value: true });
}

/** @returns whether a value was made by {@link secret}, in this copy of the library or another. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}
