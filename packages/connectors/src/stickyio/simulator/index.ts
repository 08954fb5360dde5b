export { type TableName } from "./data/world.ts";
export { type Fault, type FaultKind, type Faults, type FaultWhen } from "./faults.ts";
export { type SimulatorOptions } from "./options.ts";
export { type LogEntry } from "./request-log.ts";
export { createSimulator, type StickyIoSimulator } from "./simulator.ts";
