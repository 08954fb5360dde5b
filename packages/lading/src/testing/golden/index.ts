export { firstDifference } from "./compare.ts";
export { goldenCase, type GoldenCase } from "./golden-case.ts";
export type { Observed } from "./observe.ts";
export { runCase, type RunCaseOptions } from "./run-case.ts";
export { resultText } from "./result-text.ts";
