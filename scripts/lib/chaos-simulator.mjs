// The simulated Sticky.io of the chaos, in a process of its own. Its clock jumps with each look, so that no limit of
// requests is ever reached and nobody has to wait. Told what to do by messages; answers each with one.
import { importBuilt } from "./chaos-build.mjs";

const { build, rows, seed, perPage } = JSON.parse(process.argv[2]);
const { createSimulator } = await importBuilt(build, "connectors/stickyio/simulator/index.js");

let clock = Date.UTC(2026, 0, 1);
let asked = new Map();
const simulator = createSimulator({
  rows,
  seed,
  perPage,
  limitLists: true,
  now: () => (clock += 1000),
  log: ({ method, url }) => asked.set(`${method} ${url}`, (asked.get(`${method} ${url}`) ?? 0) + 1),
});
const { url } = await simulator.listen(0);

process.on("message", ({ grow, touch, asked: isAsked }) => {
  if (grow) simulator.grow(grow);
  if (touch) simulator.touch(touch);
  process.send({ asked: isAsked ? [...asked] : [] });
  if (isAsked) asked = new Map();
});
// Whoever started it has gone.
process.on("disconnect", () => process.exit(0));
process.send({ url });
