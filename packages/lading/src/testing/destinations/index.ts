export { destinationSuite, type BoundCase, type SuiteOptions } from "./destination-suite.ts";
export type { DestinationLine, DestinationPlace, DestinationSubject, Need } from "./subject.ts";
