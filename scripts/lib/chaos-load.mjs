// One run of a pipeline, in a process of its own that may kill itself with SIGKILL in the middle of any step. It says
// each step to file descriptor 3 before it begins it, so that whoever started it knows where it died.
import { writeSync } from "node:fs";
import { join } from "node:path";
import { importBuilt } from "./chaos-build.mjs";
import { destinationOf } from "./chaos-destination.mjs";
import { phaseOf } from "./chaos-phases.mjs";

const { build, folder, url, disposition, kill, early = true } = JSON.parse(process.argv[2]);
const { pipeline, createConfig } = await importBuilt(build, "lading/index.js");
const { restApi } = await importBuilt(build, "lading/sources/rest-api/index.js");
const { faultyDestination, faultyDisk } = await importBuilt(build, "lading/testing/index.js");

const passed = new Map();
function mark(phase) {
  const count = (passed.get(phase) ?? 0) + 1;
  passed.set(phase, count);
  writeSync(3, `${phase}\n`);
  if (kill?.phase !== phase || kill.step !== count) return;
  const die = () => process.kill(process.pid, kill.signal ?? "SIGKILL");
  if (kill.after === 0) die();
  // The step goes on meanwhile, in threads of its own.
  else setTimeout(die, kill.after);
}
const points = {
  async pass({ name, action }) {
    const phase = phaseOf(name);
    if (phase !== undefined) mark(phase);
    const result = await action();
    if (name === "destination commit") mark("after commit");
    return result;
  },
};

const paginator = { type: "json_link", nextUrlPath: "next_page_url" };
const strategies = ["upsert", "insert-only", "scd2", "cdc"];
const writeDisposition = strategies.includes(disposition)
  ? { disposition: "merge", strategy: disposition }
  : disposition;
const list = (name) => ({ name, endpoint: { path: name, dataSelector: "data", paginator } });
const source = restApi({
  name: "stickyio",
  client: { baseUrl: `${url}/v2/`, auth: { type: "http_basic", username: "demo", password: "demo" } },
  resourceDefaults: { primaryKey: "id", writeDisposition },
  resources: [
    list("orders"),
    list("products"),
    list("customers"),
    list("subscriptions"),
    {
      name: "product_bundle_index",
      endpoint: {
        path: "product_bundle_index",
        method: "POST",
        json: {},
        dataSelector: "data",
        paginator: { type: "single_page" },
      },
    },
  ],
});

const work = join(folder, "work");
const began = Date.now();
const { kind } = await pipeline({
  name: "chaos",
  source,
  destination: faultyDestination((await destinationOf(build, folder)).destination, points).destination,
  dataset: "chaos_data",
  workingFolder: work,
}).run({
  config: createConfig({ providers: [], pipelineName: "chaos" }),
  // Files that fill, so that some are loaded while others are filled.
  ...(early && { partBytes: 8192 }),
  disk: faultyDisk(points, join(work, "chaos")).disk,
  // Thirty times as fast as the world, so that there are checkpoints between a few pages.
  now: () => began + Math.round(performance.now() * 30),
  onEvent: (event) => {
    if (event.type === "page") mark("extract");
  },
});
process.stdout.write(JSON.stringify({ kind, passed: [...passed] }));
