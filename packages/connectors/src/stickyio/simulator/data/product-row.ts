import type { Product } from "../../rows.ts";
import { productTime } from "./calendar.ts";
import { dice, pick } from "./dice.ts";
import { productId } from "./ids.ts";
import { isBundle } from "./links.ts";
import { money, nothing } from "./money.ts";
import { updatedAt, type Revision } from "./revision.ts";
import { carbonTime } from "./time-text.ts";

const kinds = ["Starter box", "Face cream", "Vitamin pack", "Coffee beans", "Razor set", "Green tea", "Dog treats"];
const scents = ["Classic", "Citrus", "Mint", "Vanilla", "Night", "Sport"];
const categories = ["Beauty", "Health", "Food", "Home", "Pets"];
const verticals = ["Skin care", "Nutraceutical", "Beverage"];

/** @returns what a product is called, wherever it is named. */
export function productName(seed: number, product: number): string {
  const name = `${scents[pick(seed, 51, product, scents.length)]} ${kinds[pick(seed, 52, product, kinds.length)]}`;
  return isBundle(product) ? `${name} bundle` : name;
}

/** @returns the stock number of a product. */
export function productSku(product: number): string {
  return `SKU-${String(productId(product)).padStart(5, "0")}`;
}

/** @returns the price of a product before any change of it, in cents. */
export function productCents(seed: number, product: number): number {
  return 495 + 500 * pick(seed, 53, product, 18) + 5 * pick(seed, 54, product, 100);
}

/** @returns a product as the list has it: each change makes it a unit dearer. */
export function productRow(seed: number, index: number, revision: Revision): Product {
  const draw = dice(seed, 55, index);
  const id = productId(index);
  const name = productName(seed, index);
  const cents = productCents(seed, index) + 100 * revision.times;
  const category = draw.below(categories.length);
  const vertical = draw.below(verticals.length + 1);
  const created = productTime(index);
  const changed = draw.chance(0.5) || revision.times > 0;
  return {
    id,
    name,
    sku: productSku(index),
    description: draw.chance(0.1) ? "" : `${name}, "as seen" in shops; best kept dry`,
    price: money(cents),
    cost_of_goods: money(Math.floor(cents / 3)),
    declared_value: nothing,
    restocking_fee: draw.chance(0.2) ? "5.00" : nothing,
    max_quantity: draw.of([1, 5, 10, 100]),
    weight: draw.of([0, 1, 2.5, 16]),
    tax_code: draw.chance(0.3) ? `P${String(draw.below(1_000_000)).padStart(7, "0")}` : null,
    is_bundle: isBundle(index) ? 1 : 0,
    is_custom_bundle: 0,
    is_licensed: 0,
    is_shippable: draw.chance(0.9) ? 1 : 0,
    is_trial_product: draw.chance(0.1) ? 1 : 0,
    is_variant_enabled: draw.chance(0.2) ? 1 : 0,
    category_id: category + 1,
    category: {
      id: category + 1,
      name: categories[category] as string,
      description: `All about ${categories[category]}`,
    },
    vertical: vertical === 0 ? null : { id: vertical, name: verticals[vertical - 1] as string },
    legacy_subscription: {
      type: 1,
      type_name: draw.chance(0.5) ? "Bill by cycle" : null,
      cycle: 30,
      next_product_id: id,
      day: null,
      day_name: null,
      week: null,
      week_name: null,
    },
    custom_fields: draw.chance(0.3)
      ? [
          {
            id: 7,
            name: "Allergens",
            token_key: "allergens",
            type_id: 4,
            field_type_id: 2,
            is_multi: 1,
            values: [{ option_id: 70 + draw.below(3), name: "Allergen", value: draw.of(["nuts", "soy", "none"]) }],
          },
        ]
      : [],
    images: Array.from({ length: draw.below(3) }, (_, k) => `https://images.example/products/${id}/${k + 1}.jpg`),
    created_at: carbonTime(created),
    updated_at: changed ? carbonTime(updatedAt(revision, created + 1000 * draw.below(10_000_000))) : null,
  };
}
