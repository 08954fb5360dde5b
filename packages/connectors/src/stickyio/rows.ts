/**
 * The rows as the API gives them (spec apis 2.3 to 2.5): money is text, flags are 0 or 1, and times come in two shapes,
 * both without an offset.
 */

/** `YYYY-MM-DD HH:MM:SS` in the account's time zone. */
export type PlainTime = string;
/** `YYYY-MM-DD`; `0000-00-00` where there is none. */
export type PlainDate = string;
/** An amount as decimal text, such as `39.90`. */
export type Money = string;
/** No or yes. */
export type Flag = 0 | 1;

/** A time as products, bundles and orders have it: microseconds, and the time zone beside it. */
export interface CarbonTime {
  readonly date: string;
  readonly timezone_type: number;
  readonly timezone: string;
}

/** An order, or a rebill of one. */
export interface Order {
  readonly id: number;
  readonly customer_id: number;
  readonly campaign_id: number;
  readonly gateway_id: number;
  readonly shipping_id: number | null;
  /** The first order of a chain of rebills. Without a rebill: `null`. */
  readonly ancestor_id: number | null;
  readonly parent_id: number | null;
  readonly transaction_id: string;
  readonly auth_id: string | null;
  /** Only where the simulator runs with `bigIds`: a whole number beyond 2^53. */
  readonly network_reference_id?: number | bigint;
  readonly order_status: number;
  readonly billing_cycle: number;
  readonly is_recurring: Flag;
  readonly is_refund: Flag;
  readonly is_void: Flag;
  readonly is_chargeback: Flag;
  readonly is_fraud: Flag;
  readonly is_rma: Flag;
  readonly is_test_cc: Flag;
  readonly on_hold: Flag;
  readonly decline_reason: string | null;
  readonly retry_attempt: number;
  readonly time_stamp: PlainTime;
  readonly acquisition_date: PlainTime;
  readonly recurring_date: PlainDate;
  readonly hold_date: PlainDate;
  readonly refund_date: PlainDate;
  readonly chargeback_date: PlainDate;
  readonly shipping_date: PlainDate;
  readonly created_at: CarbonTime;
  readonly updated_at: CarbonTime;
  readonly order_total: Money;
  readonly order_sales_tax: Money;
  readonly order_sales_tax_amount: Money;
  readonly shipping_amount: Money;
  readonly refund_amount: Money;
  readonly coupon_discount_amount: Money | null;
  readonly currency: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email_address: string;
  readonly customers_telephone: string;
  readonly billing_street_address: string;
  readonly billing_street_address2: string | null;
  readonly billing_city: string;
  readonly billing_state: string | null;
  readonly billing_postcode: string;
  readonly billing_country: string;
  readonly shipping_country: string;
  readonly ip_address: string;
  readonly cc_type: string;
  readonly cc_first_6: string;
  readonly cc_last_4: string;
  readonly cc_expires: string;
  readonly affid: string;
  readonly sid: string;
  readonly c1: string;
  readonly click_id: string;
  readonly promo_code: string | null;
  readonly utm_info: UtmInfo;
  readonly products: readonly OrderProduct[];
  readonly totals_breakdown: TotalsBreakdown;
  readonly systemNotes: readonly string[];
  readonly employeeNotes: readonly string[];
}

/** The campaign that an order came from. */
export interface UtmInfo {
  readonly source: string | null;
  readonly medium: string | null;
  readonly campaign: string | null;
  readonly content: string | null;
  readonly term: string | null;
  readonly device_category: string;
}

/** One line of an order. */
export interface OrderProduct {
  readonly product_id: number;
  readonly sku: string;
  readonly name: string;
  readonly price: Money;
  readonly product_qty: number;
  readonly subscription_id: string | null;
  readonly is_recurring: Flag;
  readonly recurring_date: PlainDate;
  readonly on_hold: Flag;
  readonly hold_date: PlainDate;
  readonly hold_type: string | null;
  readonly step_number: number | null;
  readonly is_in_trial: Flag;
  readonly is_shippable: Flag;
  readonly next_subscription_product_id: number | null;
  readonly next_subscription_qty: number | null;
  readonly forecasted_revenue: Money;
  readonly refund_amount: Money;
  readonly offer: Named;
  readonly billing_model: Named & { readonly description: string; readonly discount: Money };
}

/** What the total of an order is made of; `_pct` are percentages. */
export interface TotalsBreakdown {
  readonly subtotal: Money;
  readonly shipping: Money;
  readonly tax: Money;
  readonly tax_pct: Money;
  readonly vat_tax: Money;
  readonly vat_tax_pct: Money;
  readonly volume_discount: Money;
  readonly restocking_fee: Money;
  readonly refunded: Money;
  readonly amount_refunded: Money;
  readonly total: Money;
}

/** Something that is referred to by id, with its name. */
export interface Named {
  readonly id: number;
  readonly name: string;
}

/** A product, a bundle of products too. */
export interface Product {
  readonly id: number;
  readonly name: string;
  readonly sku: string;
  readonly description: string;
  readonly price: Money;
  readonly cost_of_goods: Money;
  readonly declared_value: Money;
  readonly restocking_fee: Money;
  readonly max_quantity: number;
  readonly weight: number;
  readonly tax_code: string | null;
  readonly is_bundle: Flag;
  readonly is_custom_bundle: Flag;
  readonly is_licensed: Flag;
  readonly is_shippable: Flag;
  readonly is_trial_product: Flag;
  readonly is_variant_enabled: Flag;
  readonly category_id: number;
  readonly category: Named & { readonly description: string };
  readonly vertical: Named | null;
  readonly legacy_subscription: LegacySubscription;
  readonly custom_fields: readonly CustomField[];
  readonly images: readonly string[];
  readonly created_at: CarbonTime;
  /** `null` until the first change. */
  readonly updated_at: CarbonTime | null;
}

/** How a product recurs where no billing model says so. */
export interface LegacySubscription {
  readonly type: number;
  readonly type_name: string | null;
  readonly cycle: number;
  readonly next_product_id: number;
  readonly day: string | null;
  readonly day_name: string | null;
  readonly week: string | null;
  readonly week_name: string | null;
}

/** A field that the shop has added, with what was filled in. */
export interface CustomField {
  readonly id: number;
  readonly name: string;
  readonly token_key: string;
  readonly type_id: number;
  readonly field_type_id: number;
  readonly is_multi: Flag;
  readonly values: readonly { readonly option_id: number; readonly name: string; readonly value: string }[];
}

/** A customer, with addresses and remarks. */
export interface Customer {
  readonly id: number;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly phone: string;
  readonly phone_key: string;
  readonly is_member: Flag;
  readonly origin_id: number;
  readonly opted_communications: number;
  readonly created_at: PlainTime;
  readonly updated_at: PlainTime;
  readonly deleted_at: PlainTime | null;
  readonly addresses: readonly Address[];
  readonly custom_fields: readonly CustomField[];
  readonly notes: readonly Note[];
}

/** One address of a customer. */
export interface Address {
  readonly id: number;
  readonly uuid: string;
  readonly is_default: Flag;
  readonly first_name: string;
  readonly last_name: string;
  readonly street: string;
  readonly street_2: string | null;
  readonly city: string;
  readonly state: string | null;
  readonly zip: string;
  readonly country: string;
  readonly created_at: PlainTime;
  readonly updated_at: PlainTime;
  readonly deleted_at: PlainTime | null;
}

/** A remark on a customer; `creator` is `null` where the system made it. */
export interface Note {
  readonly id: number;
  readonly value: string;
  readonly creator: (Named & { readonly email: string; readonly is_active: Flag }) | null;
  readonly created_at: PlainTime;
  readonly updated_at: PlainTime;
  readonly deleted_at: PlainTime | null;
}

/** A product that a customer gets again and again. */
export interface Subscription {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly order_id: number;
  readonly customer_id: number;
  readonly status: string;
  readonly is_recurring: Flag;
  readonly depth: number;
  readonly created_at: PlainTime;
  readonly updated_at: PlainTime;
  readonly recur_at: PlainTime | null;
  readonly forecasted_revenue: Money;
  readonly credit: Money;
  readonly product: SubscriptionProduct & { readonly variant_id: number };
  readonly next_product: SubscriptionProduct;
  readonly billing_model: BillingModel;
  readonly shipping: SubscriptionShipping;
  readonly discounts: { readonly flat_amount: Money; readonly percent: number; readonly prepaid: Money };
}

/** What is sent, or will be next. */
export interface SubscriptionProduct {
  readonly id: number;
  readonly name: string;
  readonly quantity: number;
  readonly children: readonly string[];
}

/** How often a subscription is billed. */
export interface BillingModel {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly type: Named;
  readonly days: number;
  readonly buffer_days: number;
  readonly expire_cycles: number;
  readonly is_archived: Flag;
  readonly is_default: string | null;
  readonly created_at: CarbonTime;
  readonly updated_at: CarbonTime | null;
}

/** Where a subscription is sent. */
export interface SubscriptionShipping {
  readonly first_name: string;
  readonly last_name: string;
  readonly address: string;
  readonly address2: string | null;
  readonly city: string;
  readonly state: string | null;
  readonly zip: string;
  readonly country: string;
  readonly country_iso2: string;
}

/** A bundle, as `product_bundle_index` lists it. The vendor publishes no shape; the children are those of bundle products. */
export interface Bundle {
  readonly id: number;
  /** The product that is sold as this bundle. */
  readonly product_id: number;
  readonly name: string;
  readonly is_active: Flag;
  readonly bundle_type: Named;
  readonly price_type: Named;
  readonly price: Money;
  readonly created_at: CarbonTime;
  readonly updated_at: CarbonTime | null;
  readonly products: readonly BundleProduct[];
}

/** One product of a bundle. */
export interface BundleProduct {
  readonly product_id: number;
  readonly name: string;
  readonly quantity: number;
  readonly price: Money;
}
