import { ExactFloat, type Exact, type ExactObject } from "./exact.ts";
import { fromPlain, plainInteger } from "./plain.ts";
import { isPlainObject } from "./plain-object.ts";

/**
 * What a user's function made of a row, put beside the exact row that it was given in plain form: wherever the value at
 * a path is still the one that was given there, the exact value is taken, with its digits; everything else is the
 * function's own and comes by way of `fromPlain`. Of an array whose length has changed, elements are found again in order.
 *
 * @throws TypeError as `fromPlain`
 */
export function reconcile(plain: unknown, exact: Exact): Exact {
  return reconcileAt(plain, exact, "value");
}

function reconcileAt(plain: unknown, exact: Exact, path: string): Exact {
  if (Array.isArray(plain) && Array.isArray(exact)) return reconcileArray(plain, exact, path);
  if (exact instanceof Map && isPlainObject(plain)) return reconcileObject(plain, exact, path);
  return isStill(plain, exact) ? exact : fromPlain(plain, path);
}

function reconcileObject(plain: Readonly<Record<string, unknown>>, exact: ExactObject, path: string): ExactObject {
  const object: ExactObject = new Map();
  for (const key of keysInOrder(plain, exact)) {
    const value = plain[key];
    if (value === undefined) continue;
    const given = exact.get(key);
    const keyPath = `${path}.${key}`;
    object.set(key, given === undefined ? fromPlain(value, keyPath) : reconcileAt(value, given, keyPath));
  }
  return object;
}

/** The function's order; but where JavaScript has moved integer-like keys to the front, the document's, then what is new. */
function keysInOrder(plain: Readonly<Record<string, unknown>>, exact: ExactObject): Iterable<string> {
  const keys = Object.keys(plain);
  // They come first in every object, so the first tells whether there are any.
  if (keys[0] === undefined || !/^\d+$/.test(keys[0])) return keys;
  return new Set([...[...exact.keys()].filter((key) => Object.hasOwn(plain, key)), ...keys]);
}

function reconcileArray(plain: readonly unknown[], exact: readonly Exact[], path: string): Exact[] {
  const sameLength = plain.length === exact.length;
  // A filter needs no more comparisons than there were elements; the bound keeps other changes from being quadratic.
  let comparisons = 2 * exact.length;
  let from = 0;
  return Array.from(plain, (item, index) => {
    const itemPath = `${path}[${index}]`;
    if (sameLength) return item === undefined ? null : reconcileAt(item, exact[index] as Exact, itemPath);
    for (let i = from; i < exact.length && comparisons > 0; i++, comparisons--) {
      const given = exact[i] as Exact;
      if (isStill(item, given)) {
        from = i + 1;
        return given;
      }
    }
    return item === undefined ? null : fromPlain(item, itemPath);
  });
}

/** Whether a plain value is what `toPlain` gave for the exact one, to the last leaf. */
function isStill(plain: unknown, exact: Exact): boolean {
  if (typeof exact === "bigint") return plain === plainInteger(exact);
  if (exact === null || typeof exact !== "object") return plain === exact;
  if (exact instanceof ExactFloat) return Object.is(plain, exact.value);
  if (exact instanceof Date) return plain instanceof Date && plain.getTime() === exact.getTime();
  if (exact instanceof Uint8Array) return plain instanceof Uint8Array && Buffer.compare(plain, exact) === 0;
  if (Array.isArray(exact)) {
    return Array.isArray(plain) && plain.length === exact.length && exact.every((item, i) => isStill(plain[i], item));
  }
  if (!isPlainObject(plain) || Object.keys(plain).length !== exact.size) return false;
  for (const [key, item] of exact) if (!Object.hasOwn(plain, key) || !isStill(plain[key], item)) return false;
  return true;
}
