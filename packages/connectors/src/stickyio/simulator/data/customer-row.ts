import type { Customer, Note } from "../../rows.ts";
import { customerTime } from "./calendar.ts";
import { dice, hash32 } from "./dice.ts";
import { customerId } from "./ids.ts";
import { person } from "./people.ts";
import { updatedAt, type Revision } from "./revision.ts";
import { plainTime } from "./time-text.ts";

const remarks = ["Called about delivery", "Prefers e-mail", 'Asked for "gift wrap"', "VIP, handle\nwith care"];

/** @returns a customer as the list has it: each change turns the membership on or off. */
export function customerRow(seed: number, index: number, revision: Revision): Customer {
  const draw = dice(seed, 71, index);
  const who = person(seed, index);
  const id = customerId(index);
  const created = customerTime(seed, index);
  const createdText = plainTime(created);
  const updatedText = plainTime(updatedAt(revision, created + 1000 * draw.below(86_400)));
  const member = draw.chance(0.6) ? 1 : 0;
  return {
    id,
    email: who.email,
    first_name: who.firstName,
    last_name: who.lastName,
    phone: who.phone,
    phone_key: `1${who.phone}`,
    is_member: (member + revision.times) % 2 === 0 ? 0 : 1,
    origin_id: 1 + draw.below(4),
    opted_communications: draw.below(4),
    created_at: createdText,
    updated_at: updatedText,
    deleted_at: null,
    addresses: Array.from({ length: draw.chance(0.25) ? 2 : 1 }, (_, k) => ({
      id: id * 10 + k,
      uuid: addressUuid(seed, id * 10 + k),
      is_default: k === 0 ? 1 : 0,
      first_name: who.firstName,
      last_name: who.lastName,
      street: k === 0 ? who.street : `PO Box ${1 + draw.below(9999)}`,
      street_2: k === 0 ? who.street2 : null,
      city: who.city,
      state: who.state,
      zip: who.zip,
      country: who.countryCode,
      created_at: createdText,
      updated_at: createdText,
      deleted_at: null,
    })),
    custom_fields: draw.chance(0.3)
      ? [
          {
            id: 3,
            name: "Favourite colour",
            token_key: "favourite_colour",
            type_id: 1,
            field_type_id: 1,
            is_multi: 0,
            values: [{ option_id: 0, name: "", value: draw.of(["red", "green", "blue"]) }],
          },
        ]
      : [],
    notes: Array.from({ length: draw.chance(0.2) ? 1 + draw.below(2) : 0 }, (_, k) =>
      note(id * 10 + k, draw.of(remarks), draw.chance(0.7), createdText),
    ),
  };
}

function note(id: number, value: string, signed: boolean, at: string): Note {
  return {
    id,
    value,
    creator: signed ? { id: 1, name: "System Administrator", email: "admin@shop.example", is_active: 1 } : null,
    created_at: at,
    updated_at: at,
    deleted_at: null,
  };
}

function addressUuid(seed: number, id: number): string {
  const hex = (salt: number): string => hash32(seed, salt, id).toString(16).padStart(8, "0");
  const middle = hex(73) + hex(74);
  return `${hex(72)}-${middle.slice(0, 4)}-4${middle.slice(5, 8)}-a${middle.slice(9, 12)}-${middle.slice(12)}${hex(75)}`;
}
