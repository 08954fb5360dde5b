import type { Order, OrderProduct } from "../../rows.ts";
import { oneTime } from "./billing.ts";
import { daysLater, orderTime } from "./calendar.ts";
import { dice, type Dice } from "./dice.ts";
import { customerId, orderId, productId } from "./ids.ts";
import { orderLinks, type OrderLinks, subscriptionId } from "./links.ts";
import { money, nothing } from "./money.ts";
import { person } from "./people.ts";
import { productCents, productName, productSku } from "./product-row.ts";
import { updatedAt, type Revision } from "./revision.ts";
import { billingModelOf } from "./subscription-row.ts";
import { carbonTime, noDate, plainDate, plainTime } from "./time-text.ts";

/** 2 approved, 8 shipped, 6 refunded, 7 declined: an order that is touched goes on to the next. */
const statuses = [2, 2, 8, 2, 8, 6, 2, 7];
const sources = ["google", "facebook", "newsletter", null];
const devices = ["mobile", "desktop", "tablet"];
const cards = [
  { type: "visa", first6: "411111" },
  { type: "master", first6: "555555" },
  { type: "amex", first6: "378282" },
];
const oneTimePurchase = { ...oneTime, discount: nothing };

/** Every throw is made whatever the revision is, so that a change of the status moves nothing else. */
export function orderRow(seed: number, index: number, revision: Revision): Order {
  const draw = dice(seed, 91, index);
  const links = orderLinks(seed, index);
  const who = person(seed, links.customer);
  const id = orderId(index);
  const placed = orderTime(seed, index);
  const status = statuses[(draw.below(statuses.length) + revision.times) % statuses.length] as number;
  const refunded = status === 6;
  const updated = updatedAt(revision, placed + 1000 * draw.below(3 * 86_400));
  const placedText = plainTime(placed);
  const parent = links.parent === undefined ? null : orderId(links.parent);
  const model = links.subscription === undefined ? undefined : billingModelOf(seed, links.subscription);
  const recurs = model === undefined ? noDate : plainDate(daysLater(placed, model.days));
  const lines = links.products.map((product, line) => orderLine(seed, links, product, line, recurs, draw));
  const subtotal = lines.reduce((sum, line) => sum + line.cents * line.row.product_qty, 0);
  const shipping = draw.of([0, 495, 995]);
  const tax = Math.round(subtotal * 0.08);
  const discount = draw.chance(0.15) ? Math.floor(subtotal / 10) : 0;
  const total = money(subtotal + shipping + tax - discount);
  const card = draw.of(cards);
  const source = draw.of(sources);
  const reason = draw.of(["Insufficient funds", "Do not honor", "Expired card"]);
  const authorization = String(100_000 + draw.below(900_000));
  const retries = draw.below(3);
  return {
    id,
    customer_id: customerId(links.customer),
    campaign_id: 1 + draw.below(6),
    gateway_id: 1 + draw.below(3),
    shipping_id: shipping === 0 ? null : 1 + draw.below(4),
    ancestor_id: parent,
    parent_id: parent,
    transaction_id: `T${String(1_000_000_000 + draw.below(8_000_000_000))}`,
    auth_id: status === 7 ? null : authorization,
    order_status: status,
    billing_cycle: parent === null ? 0 : 1 + draw.below(6),
    is_recurring: model === undefined ? 0 : 1,
    is_refund: refunded ? 1 : 0,
    is_void: 0,
    is_chargeback: 0,
    is_fraud: draw.chance(0.01) ? 1 : 0,
    is_rma: 0,
    is_test_cc: 0,
    on_hold: 0,
    decline_reason: status === 7 ? reason : null,
    retry_attempt: status === 7 ? retries : 0,
    time_stamp: placedText,
    acquisition_date: placedText,
    recurring_date: recurs,
    hold_date: noDate,
    refund_date: refunded ? plainDate(updated) : noDate,
    chargeback_date: noDate,
    shipping_date: status === 8 ? plainDate(daysLater(placed, 2)) : noDate,
    created_at: carbonTime(placed),
    updated_at: carbonTime(updated),
    order_total: total,
    order_sales_tax: "8.00",
    order_sales_tax_amount: money(tax),
    shipping_amount: money(shipping),
    refund_amount: refunded ? total : nothing,
    coupon_discount_amount: discount === 0 ? null : money(discount),
    currency: "USD",
    first_name: who.firstName,
    last_name: who.lastName,
    email_address: who.email,
    customers_telephone: who.phone,
    billing_street_address: who.street,
    billing_street_address2: who.street2,
    billing_city: who.city,
    billing_state: who.state,
    billing_postcode: who.zip,
    billing_country: who.countryCode,
    shipping_country: who.countryCode,
    ip_address: `192.0.2.${draw.below(256)}`,
    cc_type: card.type,
    cc_first_6: card.first6,
    cc_last_4: String(draw.below(10_000)).padStart(4, "0"),
    cc_expires: `${String(1 + draw.below(12)).padStart(2, "0")}${26 + draw.below(6)}`,
    affid: draw.chance(0.3) ? `AFF${draw.below(100)}` : "",
    sid: "",
    c1: draw.chance(0.3) ? `sub-${draw.below(1000)}` : "",
    click_id: draw.chance(0.3) ? String(100_000_000 + draw.below(900_000_000)) : "",
    promo_code: discount === 0 ? null : "WELCOME10",
    utm_info: {
      source,
      medium: source === null ? null : draw.of(["cpc", "email", "social"]),
      campaign: source === null ? null : `campaign-${1 + draw.below(20)}`,
      content: null,
      term: null,
      device_category: draw.of(devices),
    },
    products: lines.map((line) => line.row),
    totals_breakdown: {
      subtotal: money(subtotal),
      shipping: money(shipping),
      tax: money(tax),
      tax_pct: "8.00",
      vat_tax: nothing,
      vat_tax_pct: nothing,
      volume_discount: nothing,
      restocking_fee: nothing,
      refunded: refunded ? total : nothing,
      amount_refunded: refunded ? total : nothing,
      total,
    },
    systemNotes:
      revision.times === 0
        ? [`${placedText} - order placed`]
        : [`${placedText} - order placed`, `${plainTime(updated)} - status ${status}`],
    employeeNotes: draw.chance(0.05) ? ["Customer called; address checked"] : [],
  };
}

function orderLine(
  seed: number,
  links: OrderLinks,
  product: number,
  line: number,
  recurs: string,
  draw: Dice,
): { readonly cents: number; readonly row: OrderProduct } {
  const subscription = line === 0 ? links.subscription : undefined;
  const cents = productCents(seed, product);
  const model = subscription === undefined ? undefined : billingModelOf(seed, subscription);
  const id = productId(product);
  const row: OrderProduct = {
    product_id: id,
    sku: productSku(product),
    name: productName(seed, product),
    price: money(cents),
    product_qty: subscription === undefined ? 1 + draw.below(3) : 1,
    subscription_id: subscription === undefined ? null : subscriptionId(seed, subscription),
    is_recurring: subscription === undefined ? 0 : 1,
    recurring_date: subscription === undefined ? noDate : recurs,
    on_hold: 0,
    hold_date: noDate,
    hold_type: null,
    step_number: subscription === undefined ? null : 1,
    is_in_trial: 0,
    is_shippable: 1,
    next_subscription_product_id: subscription === undefined ? null : id,
    next_subscription_qty: subscription === undefined ? null : 1,
    forecasted_revenue: subscription === undefined ? nothing : money(cents),
    refund_amount: nothing,
    offer: { id: 1, name: "Default" },
    billing_model:
      model === undefined
        ? oneTimePurchase
        : { id: model.id, name: model.name, description: model.description, discount: nothing },
  };
  return { cents, row };
}
