import { dice, pick } from "./dice.ts";

/** Who a customer is and where they live: everything of them that orders and subscriptions repeat. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
  readonly street: string;
  readonly street2: string | null;
  readonly city: string;
  readonly state: string | null;
  readonly zip: string;
  readonly country: string;
  readonly countryCode: string;
}

const firstNames = words(
  "Ada Ben Chloé Dmitri Elif Fatima Grace Hiroshi Inés Jakub Kwame Léa",
  "Mia Noah Olivia Priya Quentin Rosa Søren Tomás Uma Viktor Wei Zoë",
);
const lastNames = words(
  "Almeida Brown Chen Davis Eriksen Fischer García Hughes Ivanova Johnson Kowalski Larsen",
  "Müller Nguyen O'Brien Patel Quinn Rossi Smith Tanaka Ünal Vega Wilson Young",
);
const streets = ["Main Street", "Oak Avenue", "High Street", "Lake Drive", "Park Road", "Mill Lane", "Elm Court"];
const places = [
  { city: "Austin", state: "TX", zip: "787", country: "United States", countryCode: "US" },
  { city: "Portland", state: "OR", zip: "972", country: "United States", countryCode: "US" },
  { city: "Tampa", state: "FL", zip: "336", country: "United States", countryCode: "US" },
  { city: "Denver", state: "CO", zip: "802", country: "United States", countryCode: "US" },
  { city: "Newark", state: "NJ", zip: "071", country: "United States", countryCode: "US" },
  { city: "Montréal", state: "QC", zip: "H2X", country: "Canada", countryCode: "CA" },
  { city: "Leeds", state: null, zip: "LS1", country: "United Kingdom", countryCode: "GB" },
  { city: "Köln", state: null, zip: "506", country: "Germany", countryCode: "DE" },
] as const;

/** @returns who a customer is, the same wherever they are named. */
export function person(seed: number, customer: number): Person {
  const draw = dice(seed, 41, customer);
  const firstName = draw.of(firstNames);
  const lastName = draw.of(lastNames);
  const place = draw.of(places);
  return {
    firstName,
    lastName,
    email: `customer${customer + 1}@shop.example`,
    phone: `555${String(1_000_000 + draw.below(9_000_000))}`,
    street: `${1 + draw.below(9999)} ${draw.of(streets)}`,
    street2: draw.chance(0.2) ? `Apt ${1 + draw.below(400)}` : null,
    city: place.city,
    state: place.state,
    zip: `${place.zip}${String(pick(seed, 42, customer, 100)).padStart(2, "0")}`,
    country: place.country,
    countryCode: place.countryCode,
  };
}

function words(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(" "));
}
