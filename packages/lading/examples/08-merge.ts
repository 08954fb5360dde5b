// Merge: one row for each key, the newest. What was loaded before is replaced, what is new is added.
import { pipeline, resource } from "lading";
import { duckdb } from "lading/destinations/duckdb";

interface Member {
  readonly id: number;
  readonly email: string;
  readonly plan: "guest" | "regular" | "patron";
}

const before: readonly Member[] = [
  { id: 1, email: "ines@example.com", plan: "guest" },
  { id: 2, email: "otto@example.com", plan: "regular" },
];
const after: readonly Member[] = [
  { id: 1, email: "ines@example.com", plan: "patron" },
  { id: 3, email: "mara@example.com", plan: "guest" },
];

for (const today of [before, after]) {
  const members = resource({ name: "members", primaryKey: "id", writeDisposition: "merge" }, today);
  const club = pipeline({ name: "club", source: members, destination: duckdb("club.duckdb") });
  await club.run();
  console.table(await club.dataset().table("members").orderBy("id").select("id", "email", "plan").rows());
}
