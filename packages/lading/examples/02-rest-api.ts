// A REST API as data: what is said once in resourceDefaults holds for all resources.
import { pipeline, secret } from "lading";
import { duckdb } from "lading/destinations/duckdb";
import { restApi } from "lading/sources/rest-api";

const bakery = restApi({
  name: "bakery",
  client: {
    baseUrl: "https://api.bakery.example/v1/",
    auth: { type: "bearer", token: secret("api_token") },
    paginator: { type: "cursor", cursorPath: "meta.next", cursorParam: "after" },
  },
  resourceDefaults: {
    primaryKey: "id",
    writeDisposition: "merge",
    endpoint: { params: { per_page: 100 } },
  },
  resources: [
    "ovens",
    { name: "recipes", endpoint: { path: "recipes", dataSelector: "data.items" } },
    { name: "visits", writeDisposition: "append", endpoint: { path: "stats/visits", paginator: "single_page" } },
  ],
});

const p = pipeline({ name: "bakery", source: bakery, destination: duckdb("bakery.duckdb") });
console.log(String(await p.run()));
