import { describe, expect, test } from "vitest";
import { LadingError } from "../errors/index.ts";
import { resource } from "./define-resource.ts";
import { source } from "./define-source.ts";
import { transformer } from "./transformer.ts";

function code(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return LadingError.is(error) ? error.code : error;
  }
  return undefined;
}

describe("source", () => {
  const orders = resource("orders", [{ id: 1 }]);
  const lines = transformer({ name: "lines", from: orders }, ({ id }) => ({ order: id }));
  const shop = source("shop", [orders, lines], { maxTableNesting: 2 });

  test("keeps its resources in order, and its options", () => {
    expect(shop).toMatchObject({ type: "source", name: "shop", resources: [orders, lines], maxTableNesting: 2 });
  });

  test("select leaves out the others; a parent stays with its child", () => {
    const chosen = shop.withResources("lines");
    expect(chosen.resources).toEqual([lines]);
    expect(chosen.resources[0].parent).toBe(orders);
    expect(chosen.maxTableNesting).toBe(2);
    expect(code(() => shop.withResources("customers" as never))).toBe("INVALID_ARGUMENT");
  });

  test("refuses empty names, names twice, and unknown options", () => {
    expect(code(() => source("", [orders]))).toBe("NAME_EMPTY");
    expect(code(() => source("shop", [orders, orders.addLimit(1)]))).toBe("INVALID_ARGUMENT");
    expect(code(() => source("shop", [orders], { maxNesting: 1 } as never))).toBe("INVALID_ARGUMENT");
  });
});
