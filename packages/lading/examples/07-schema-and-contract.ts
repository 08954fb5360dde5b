// A schema checks and parses each row before it is loaded; a contract says what may become of the tables.
import { LadingError, pipeline, resource } from "lading";
import { duckdb } from "lading/destinations/duckdb";
import { z } from "zod";

const Parcel = z.object({
  id: z.int(),
  sentAt: z.coerce.date(),
  kilograms: z.number().positive(),
  stops: z.array(z.object({ depot: z.string(), minutes: z.int() })),
});

const parcels = resource(
  {
    name: "parcels",
    primaryKey: "id",
    schema: Parcel,
    schemaContract: { tables: "evolve", columns: "discard_value", dataType: "freeze" },
  },
  [
    { id: 1, sentAt: "2024-05-01T08:00:00Z", kilograms: 2.5, stops: [{ depot: "Ghent", minutes: 12 }] },
    { id: 2, sentAt: "2024-05-01T09:30:00Z", kilograms: -1, stops: [] },
  ],
);

try {
  await pipeline({ name: "parcels", source: parcels, destination: duckdb("parcels.duckdb") }).run();
} catch (error) {
  if (!LadingError.is(error, "VALIDATION_FAILED")) throw error;
  console.error(error.message, error.details["issues"]);
}
