/** Bytes that SHAKE-128 takes in at once. */
export const SHAKE128_RATE = 168;

/** A SHAKE-128 for messages of one block. */
export interface Shake128Block {
  /** The padded block, {@link SHAKE128_RATE} bytes: message, 0x1f, zeros, 0x80 at the end. */
  readonly block: Uint8Array;
  /** The first 16 bytes of the digest, written by {@link permute}. */
  readonly digest: Uint8Array;
  /** Hashes the block, which stays as it is. */
  readonly permute: () => void;
}

/** Node has it; its types are in the library of browsers only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

const DIGEST_AT = SHAKE128_RATE;
const CONSTANTS_AT = 192;
const ROUNDS = 24;

/**
 * A new WebAssembly instance with its own memory. JavaScript has no 64-bit rotation; this one is 3 times as fast as
 * `node:crypto` for a short text. The module, about 1.3 kB, is made here, so that there is no binary to trust.
 */
export function createShake128Block(): Shake128Block {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(keccakModule()));
  const { memory, permute } = instance.exports as { memory: { buffer: ArrayBuffer }; permute: () => void };
  new BigUint64Array(memory.buffer, CONSTANTS_AT, ROUNDS).set(roundConstants());
  return {
    block: new Uint8Array(memory.buffer, 0, SHAKE128_RATE),
    digest: new Uint8Array(memory.buffer, DIGEST_AT, 16),
    permute,
  };
}

/** The constants of the iota step, by the shift register of FIPS 202, 3.2.5. */
function roundConstants(): bigint[] {
  let register = 1;
  return Array.from({ length: ROUNDS }, () => {
    let constant = 0n;
    for (let bit = 0; bit <= 6; bit++) {
      if (register & 1) constant |= 1n << BigInt((1 << bit) - 1);
      register = register & 0x80 ? ((register << 1) ^ 0x71) & 0xff : register << 1;
    }
    return constant;
  });
}

/** Every module begins so: "\\0asm", version 1. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

// WebAssembly opcodes
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const I64_LOAD = 0x29;
const I64_STORE = 0x37;
const I64_XOR = 0x85;
const I64_AND = 0x83;
const I64_ROTL = 0x89;

/** Locals: 25 lanes, 25 lanes after rho and pi, 5 columns, and the address of the round's constant. */
const LANE = 0;
const MOVED = 25;
const COLUMN = 50;
const ADDRESS = 55;

function keccakModule(): Uint8Array<ArrayBuffer> {
  const i64 = 0x7e;
  const i32 = 0x7f;
  const locals = [2, 55, i64, 1, i32];
  const body = [...locals, ...permutation(), 0x0b];
  return new Uint8Array([
    ...MAGIC,
    ...section(1, [1, 0x60, 0, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name("memory"), 2, 0, ...name("permute"), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

function permutation(): number[] {
  const get = (local: number): number[] => [LOCAL_GET, local];
  const set = (local: number): number[] => [LOCAL_SET, local];
  const xorInto = (local: number, ...value: number[]): number[] => [...get(local), ...value, I64_XOR, ...set(local)];
  const rotated = (value: number[], by: number): number[] => [...value, I64_CONST, ...signed(by), I64_ROTL];
  const mod5 = (n: number): number => n % 5;

  const load = range(SHAKE128_RATE / 8).flatMap((i) => [
    I32_CONST,
    0,
    I64_LOAD,
    3,
    ...unsigned(i * 8),
    ...set(LANE + i),
  ]);
  const columns = range(5).flatMap((x) => [
    ...get(LANE + x),
    ...range(4).flatMap((y) => [...get(LANE + x + 5 * (y + 1)), I64_XOR]),
    ...set(COLUMN + x),
  ]);
  const theta = range(25).flatMap((i) => {
    const x = mod5(i);
    const next = rotated(get(COLUMN + mod5(x + 1)), 1);
    return xorInto(LANE + i, ...get(COLUMN + mod5(x + 4)), ...next, I64_XOR);
  });
  const rhoPi = lanePath().flatMap(({ from, to, by }) => [...rotated(get(LANE + from), by), ...set(MOVED + to)]);
  const chi = range(25).flatMap((i) => {
    const neighbour = (n: number): number => MOVED + i - mod5(i) + mod5(i + n);
    const inverted = [...get(neighbour(1)), I64_CONST, ...signed(-1), I64_XOR];
    return [...get(MOVED + i), ...inverted, ...get(neighbour(2)), I64_AND, I64_XOR, ...set(LANE + i)];
  });
  const iota = xorInto(LANE, ...get(ADDRESS), I64_LOAD, 3, ...unsigned(CONSTANTS_AT));
  const again = [...get(ADDRESS), I32_CONST, 8, 0x6a, 0x22, ADDRESS, I32_CONST, ...signed(ROUNDS * 8), 0x47, 0x0d, 0];
  const store = range(2).flatMap((i) => [I32_CONST, 0, ...get(LANE + i), I64_STORE, 3, ...unsigned(DIGEST_AT + 8 * i)]);
  return [...load, 0x03, 0x40, ...columns, ...theta, ...rhoPi, ...chi, ...iota, ...again, 0x0b, ...store];
}

/** Where each lane goes in the rho and pi steps, and by how many bits it turns (FIPS 202, 3.2.2 and 3.2.3). */
function lanePath(): { from: number; to: number; by: number }[] {
  const path = [{ from: 0, to: 0, by: 0 }];
  let x = 1;
  let y = 0;
  for (let t = 0; t < 24; t++) {
    const nextY = (2 * x + 3 * y) % 5;
    path.push({ from: x + 5 * y, to: y + 5 * nextY, by: (((t + 1) * (t + 2)) / 2) % 64 });
    x = y;
    y = nextY;
  }
  return path;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text, "latin1")];
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** Signed LEB128. */
function signed(value: number): number[] {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
