export {
  firstDifference,
  goldenCase,
  runCase,
  type GoldenCase,
  type Observed,
  type RunCaseOptions,
} from "./golden/index.ts";
export { parseExact } from "../util/json.ts";
