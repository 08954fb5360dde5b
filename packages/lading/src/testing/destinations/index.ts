export { destinationSuite, type BoundCase } from "./destination-suite.ts";
export type { DestinationLine, DestinationPlace, DestinationSubject, Need } from "./subject.ts";
