// The smallest pipeline: rows in, a table out, and the rows back again with their types.
import { pipeline, resource } from "lading";
import { duckdb } from "lading/destinations/duckdb";

const lighthouses = resource("lighthouses", [
  { id: 1, name: "Bell Rock", lamp: { height: 28, lit: 1811 } },
  { id: 2, name: "Tower of Hercules", lamp: { height: 57, lit: 1791 } },
]);

const coast = pipeline({ name: "coast", source: lighthouses, destination: duckdb("coast.duckdb") });
console.log(String(await coast.run()));

for await (const lighthouse of coast.dataset().table("lighthouses")) {
  console.log(lighthouse.name, "shines from", lighthouse.lamp__height, "m");
}
