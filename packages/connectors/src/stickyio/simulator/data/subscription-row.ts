import type { Subscription } from "../../rows.ts";
import { billingModels } from "./billing.ts";
import { daysLater, orderTime, productTime } from "./calendar.ts";
import { dice, pick } from "./dice.ts";
import { customerId, orderId, productId } from "./ids.ts";
import { orderLinks, orderOfSubscription, subscriptionId } from "./links.ts";
import { money, nothing } from "./money.ts";
import { person } from "./people.ts";
import { productCents, productName } from "./product-row.ts";
import { updatedAt, type Revision } from "./revision.ts";
import { carbonTime, plainTime } from "./time-text.ts";

const statuses = ["active", "active", "on_hold", "cancelled", "complete"];

/** @returns the billing model of a subscription, the same wherever it is named. */
export function billingModelOf(seed: number, subscription: number): (typeof billingModels)[number] {
  return billingModels[pick(seed, 81, subscription, billingModels.length)] as (typeof billingModels)[number];
}

/** @returns a subscription as the list has it: each change moves it on to the next status. */
export function subscriptionRow(seed: number, index: number, revision: Revision): Subscription {
  const draw = dice(seed, 82, index);
  const order = orderOfSubscription(index);
  const links = orderLinks(seed, order);
  const product = links.products[0] as number;
  const who = person(seed, links.customer);
  const created = orderTime(seed, order);
  const model = billingModelOf(seed, index);
  const status = statuses[(draw.below(statuses.length) + revision.times) % statuses.length] as string;
  const recurring = status === "active";
  const sold = { id: productId(product), name: productName(seed, product), quantity: 1, children: [] };
  return {
    id: subscriptionId(seed, index),
    order_id: orderId(order),
    customer_id: customerId(links.customer),
    status,
    is_recurring: recurring ? 1 : 0,
    depth: draw.below(12) + revision.times,
    created_at: plainTime(created),
    updated_at: plainTime(updatedAt(revision, created + 1000 * draw.below(86_400))),
    recur_at: recurring ? plainTime(daysLater(created, model.days)) : null,
    forecasted_revenue: money(productCents(seed, product)),
    credit: draw.chance(0.05) ? "10.00" : nothing,
    product: { ...sold, variant_id: draw.chance(0.1) ? 1 + draw.below(50) : 0 },
    next_product: sold,
    billing_model: {
      id: model.id,
      name: model.name,
      description: model.description,
      type: { id: 1, name: "Bill by cycle" },
      days: model.days,
      buffer_days: 0,
      expire_cycles: 0,
      is_archived: 0,
      is_default: model.isDefault,
      created_at: carbonTime(productTime(0)),
      updated_at: null,
    },
    shipping: {
      first_name: who.firstName,
      last_name: who.lastName,
      address: who.street,
      address2: who.street2,
      city: who.city,
      state: who.state,
      zip: who.zip,
      country: who.country,
      country_iso2: who.countryCode,
    },
    discounts: { flat_amount: nothing, percent: draw.of([0, 0, 0, 10, 15]), prepaid: nothing },
  };
}
