import { createHash, randomFillSync } from "node:crypto";

import { createShake128Block, SHAKE128_RATE, type Shake128Block } from "./keccak.ts";

/** Characters of a row id: 10 bytes in base64, without padding. */
export const ROW_ID_LENGTH = 14;

const ID_BYTES = 10;
const DIGITS = Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "latin1");

/** The ids of one table's rows. */
export interface ChildIds {
  /**
   * Writes the 14 characters of a child row's id at `target[offset]`.
   *
   * @param parent where the parent's 14 characters stand, from `parentOffset`; may be `target`
   * @param index the row's place in its list, from 0
   */
  write(parent: Uint8Array, parentOffset: number, index: number, target: Uint8Array, offset: number): void;
}

/** The one block is shared by all tables: whose text stands in it now. */
interface Hasher extends Shake128Block {
  owner: object | undefined;
  /** End of the padding byte 0x1f; zeros from here to the last byte. */
  end: number;
}

let hasher: Hasher | undefined;

function getHasher(): Hasher {
  if (hasher === undefined) {
    hasher = { ...createShake128Block(), owner: undefined, end: 0 };
    hasher.block[SHAKE128_RATE - 1] = 0x80;
  }
  return hasher;
}

/**
 * The id of a nested row: the first 10 bytes of SHAKE-128 of `parent_table_index`, as 14 characters of base64 (spec
 * dlt-core 2.5).
 *
 * @param parentId id of the immediate parent row
 * @param table normalized name of the child's table
 * @param index the row's place in its list, from 0
 */
export function childId(parentId: string, table: string, index: number): string {
  return textId(`${parentId}_${table}_${index}`);
}

/** The first 10 bytes of SHAKE-128 of a text, as 14 characters of base64. */
export function textId(message: string): string {
  const { length } = message;
  if (length > SHAKE128_RATE - 2) return digestText(message);
  const shake = getHasher();
  const { block } = shake;
  shake.owner = undefined;
  for (let i = 0; i < length; i++) {
    const unit = message.charCodeAt(i);
    if (unit > 0x7f) {
      block.fill(0, 0, SHAKE128_RATE - 1);
      shake.end = 0;
      return digestText(message);
    }
    block[i] = unit;
  }
  finish(shake, length);
  encode(shake.digest, 0, scratch, 0);
  return scratch.toString("latin1");
}

const scratch = Buffer.alloc(ROW_ID_LENGTH);

/** Pads the message, hashes it. */
function finish(shake: Hasher, length: number): void {
  const { block } = shake;
  block[length] = 0x1f;
  for (let i = length + 1; i < shake.end; i++) block[i] = 0;
  shake.end = length + 1;
  shake.permute();
}

function digestText(message: string | Uint8Array): string {
  const digest = createHash("shake128", { outputLength: ID_BYTES }).update(message).digest();
  encode(digest, 0, scratch, 0);
  return scratch.toString("latin1");
}

/** As {@link childId}, for parents of 14 characters, without making a text of any of it. */
export function childIds(table: string): ChildIds {
  const middle = Buffer.from(`_${table}_`);
  const indexAt = ROW_ID_LENGTH + middle.length;
  const owner = {};
  return {
    write(parent, parentOffset, index, target, offset) {
      const digits = countDigits(index);
      const length = indexAt + digits;
      if (length > SHAKE128_RATE - 2) {
        const id = parent.subarray(parentOffset, parentOffset + ROW_ID_LENGTH);
        const message = Buffer.concat([id, middle, Buffer.from(String(index))]);
        const digest = createHash("shake128", { outputLength: ID_BYTES }).update(message).digest();
        encode(digest, 0, target, offset);
        return;
      }
      const shake = getHasher();
      const { block } = shake;
      if (shake.owner !== owner) {
        block.set(middle, ROW_ID_LENGTH);
        shake.owner = owner;
      }
      for (let i = 0; i < ROW_ID_LENGTH; i++) block[i] = parent[parentOffset + i] as number;
      let rest = index;
      for (let i = length - 1; i >= indexAt; i--) {
        const next = Math.floor(rest / 10);
        block[i] = 0x30 + (rest - next * 10);
        rest = next;
      }
      finish(shake, length);
      encode(shake.digest, 0, target, offset);
    },
  };
}

function countDigits(index: number): number {
  let digits = 1;
  for (let limit = 10; index >= limit; limit *= 10) digits++;
  return digits;
}

const RANDOM_BYTES = 4000 * ID_BYTES;
const random = new Uint8Array(RANDOM_BYTES);
let randomAt = RANDOM_BYTES;

/** A new id for a root row: 10 random bytes as 14 characters of base64 (spec dlt-core 2.5). */
export function randomId(): string {
  writeRandomId(scratch, 0);
  return scratch.toString("latin1");
}

/** Writes the 14 characters of {@link randomId} at `target[offset]`. */
export function writeRandomId(target: Uint8Array, offset: number): void {
  if (randomAt === RANDOM_BYTES) {
    randomFillSync(random);
    randomAt = 0;
  }
  encode(random, randomAt, target, offset);
  randomAt += ID_BYTES;
}

/** 10 bytes to 14 characters of base64. */
function encode(bytes: Uint8Array, from: number, target: Uint8Array, offset: number): void {
  let at = offset;
  for (let i = from; i < from + 9; i += 3) {
    const bits = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    target[at] = DIGITS[bits >> 18] as number;
    target[at + 1] = DIGITS[(bits >> 12) & 63] as number;
    target[at + 2] = DIGITS[(bits >> 6) & 63] as number;
    target[at + 3] = DIGITS[bits & 63] as number;
    at += 4;
  }
  const last = bytes[from + 9] as number;
  target[at] = DIGITS[last >> 2] as number;
  target[at + 1] = DIGITS[(last & 3) << 4] as number;
}
