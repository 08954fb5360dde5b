export {
  firstDifference,
  goldenCase,
  resultText,
  runCase,
  type GoldenCase,
  type Observed,
  type RunCaseOptions,
} from "./golden/index.ts";
export { parseExact } from "../util/json.ts";
export {
  contentDifference,
  datasetContent,
  faultPoints,
  faultyDestination,
  faultyDisk,
  type ContentDifference,
  type DatasetContent,
  type Fault,
  type FaultKind,
  type FaultPoints,
  type FaultStep,
  type FaultyDestination,
  type FaultyDisk,
} from "./faults/index.ts";
export {
  destinationSuite,
  type BoundCase,
  type DestinationLine,
  type DestinationPlace,
  type DestinationSubject,
  type Need,
  type SuiteOptions,
} from "./destinations/index.ts";
export { postgresLine, type LineFault, type PostgresLine } from "./wire/index.ts";
