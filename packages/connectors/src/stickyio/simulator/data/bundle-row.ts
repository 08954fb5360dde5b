import type { Bundle } from "../../rows.ts";
import { productTime } from "./calendar.ts";
import { dice } from "./dice.ts";
import { bundleId, productId } from "./ids.ts";
import { partsOfBundle, productOfBundle } from "./links.ts";
import { money } from "./money.ts";
import { productCents, productName } from "./product-row.ts";
import { updatedAt, type Revision } from "./revision.ts";
import { carbonTime } from "./time-text.ts";

/** @returns a bundle as the list has it: each change turns it off or on. */
export function bundleRow(seed: number, index: number, revision: Revision): Bundle {
  const draw = dice(seed, 61, index);
  const product = productOfBundle(index);
  const created = productTime(product);
  const fixed = draw.chance(0.6);
  return {
    id: bundleId(index),
    product_id: productId(product),
    name: productName(seed, product),
    is_active: revision.times % 2 === 0 ? 1 : 0,
    bundle_type: { id: 1, name: "Prebuilt" },
    price_type: fixed ? { id: 1, name: "Fixed" } : { id: 2, name: "Per item" },
    price: money(productCents(seed, product)),
    created_at: carbonTime(created),
    updated_at: revision.times === 0 ? null : carbonTime(updatedAt(revision, created)),
    products: partsOfBundle(seed, index).map((part) => ({
      product_id: productId(part),
      name: productName(seed, part),
      quantity: 1 + draw.below(3),
      price: money(productCents(seed, part)),
    })),
  };
}
