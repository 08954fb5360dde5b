import { createHash } from "node:crypto";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createShake128Block, SHAKE128_RATE } from "./keccak.ts";
import { childId, childIds, randomId, ROW_ID_LENGTH, writeRandomId } from "./row-id.ts";

function expected(parent: string, table: string, index: number): string {
  const hash = createHash("shake128", { outputLength: 10 }).update(`${parent}_${table}_${index}`);
  return hash.digest("base64").slice(0, ROW_ID_LENGTH);
}

const index = fc.oneof(fc.nat({ max: 12 }), fc.nat(), fc.maxSafeNat());
const table = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "_", "0", "9"), maxLength: 170 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
);
const rowId = fc
  .uint8Array({ minLength: 10, maxLength: 10 })
  .map((bytes) => Buffer.from(bytes).toString("base64").slice(0, 14));

describe("createShake128Block", () => {
  it("agrees with node:crypto for every message of one block", () => {
    const { block, digest, permute } = createShake128Block();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: SHAKE128_RATE - 1 }), (message) => {
        block.fill(0);
        block.set(message);
        block[message.length] = 0x1f;
        block[SHAKE128_RATE - 1] = (block[SHAKE128_RATE - 1] ?? 0) | 0x80;
        permute();
        const judge = createHash("shake128", { outputLength: 16 }).update(message).digest();
        expect(Buffer.from(digest).toString("hex")).toBe(judge.toString("hex"));
      }),
      { numRuns: 500 },
    );
  });
});

describe("childId", () => {
  it("gives dlt's ids", () => {
    expect(childId("ycpbxEM0CXw6lw", "users__tags", 0)).toBe("AH5iVtdgFT4gGA");
    expect(childId("parent", "child", 3)).toBe("M5UZ70kKYBkzKA");
  });

  it("agrees with node:crypto for every text, in any sequence", () => {
    fc.assert(
      fc.property(fc.oneof(rowId, fc.string({ unit: "grapheme" })), table, index, (parent, name, i) => {
        expect(childId(parent, name, i)).toBe(expected(parent, name, i));
      }),
      { numRuns: 1000 },
    );
  });

  it("agrees with node:crypto at each length about that of a block", () => {
    for (let length = 140; length < 175; length++) {
      const name = "t".repeat(length - 17);
      expect(childId("ycpbxEM0CXw6lw", name, 7)).toBe(expected("ycpbxEM0CXw6lw", name, 7));
    }
  });
});

describe("childIds", () => {
  it("writes what childId gives, however tables and calls are mixed", () => {
    const step = fc.record({ table: fc.nat({ max: 2 }), parent: rowId, index, asText: fc.boolean() });
    fc.assert(
      fc.property(fc.array(table, { minLength: 3, maxLength: 3 }), fc.array(step), (tables, steps) => {
        const writers = tables.map((name) => childIds(name));
        const target = Buffer.alloc(40);
        for (const { table: t, parent, index: i, asText } of steps) {
          const name = tables[t] ?? "";
          target.write(parent, 3, "latin1");
          writers[t]?.write(target, 3, i, target, 20);
          const id = asText ? childId(parent, name, i) : target.toString("latin1", 20, 34);
          expect(id).toBe(expected(parent, name, i));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("may write over the parent, and touches 14 bytes only", () => {
    const target = Buffer.from("<ycpbxEM0CXw6lw>");
    childIds("users__tags").write(target, 1, 0, target, 1);
    expect(target.toString()).toBe("<AH5iVtdgFT4gGA>");
  });
});

describe("randomId", () => {
  it("gives 10 random bytes in base64, never the same twice", () => {
    const ids = new Set<string>();
    for (let i = 0; i < 10_000; i++) ids.add(randomId());
    expect(ids.size).toBe(10_000);
    for (const id of ids) {
      expect(id).toMatch(/^[A-Za-z0-9+/]{13}[AQgw]$/);
      expect(Buffer.from(id, "base64")).toHaveLength(10);
    }
  });

  it("writes 14 characters where it is told to", () => {
    const target = Buffer.from("<14 characters>");
    writeRandomId(target, 1);
    expect(target.toString()).toMatch(/^<[A-Za-z0-9+/]{13}[AQgw]/);
    expect(target).toHaveLength(15);
  });
});
