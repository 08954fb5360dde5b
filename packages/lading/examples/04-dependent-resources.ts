// Resources that hang on others: each row of the parent gives a request.
import { pipeline, secret } from "lading";
import { duckdb } from "lading/destinations/duckdb";
import { restApi } from "lading/sources/rest-api";

const library = restApi({
  name: "library",
  client: { baseUrl: "https://library.example/api/", auth: { type: "bearer", token: secret("api_token") } },
  resourceDefaults: { primaryKey: "id", writeDisposition: "merge" },
  resources: [
    { name: "branches", endpoint: "branches" },
    { name: "shelves", endpoint: { path: "branches/{resources.branches.id}/shelves" }, includeFromParent: ["id"] },
    { name: "loans", endpoint: { path: "loans", params: { branch: "{resources.branches.id}" } } },
    // { name: "fines", endpoint: "members/{resources.members.id}/fines" }
    //                            does not compile: There is no resource "members".
  ],
});

// Branches are read here for their shelves, but not loaded.
await pipeline({
  name: "library",
  source: library.withResources("shelves"),
  destination: duckdb("library.duckdb"),
}).run();
