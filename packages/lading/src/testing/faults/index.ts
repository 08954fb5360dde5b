export { contentDifference, datasetContent, type ContentDifference, type DatasetContent } from "./dataset-content.ts";
export { faultPoints, type Fault, type FaultKind, type FaultPoints, type FaultStep } from "./fault-points.ts";
export { faultyDestination, type FaultyDestination } from "./faulty-destination.ts";
export { faultyDisk, type FaultyDisk } from "./faulty-disk.ts";
