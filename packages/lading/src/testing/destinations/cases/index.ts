import type { DestinationCase } from "../destination-suite.ts";
import { appendAndReplace } from "./append-and-replace.ts";
import { changedByHand } from "./changed-by-hand.ts";
import { contracts } from "./contracts.ts";
import { evolution } from "./evolution.ts";
import { identifiers } from "./identifiers.ts";
import { interrupted } from "./interrupted.ts";
import { lostConnection } from "./lost-connection.ts";
import { merge } from "./merge.ts";
import { histories } from "./histories.ts";
import { oneTransaction } from "./one-transaction.ts";
import { permissions } from "./permissions.ts";
import { randomLoads } from "./random-loads.ts";
import { reading } from "./reading.ts";
import { restore } from "./restore.ts";
import { severalPipelines } from "./several-pipelines.ts";
import { values } from "./values.ts";

/** Groups of cases, in the order in which one wants to see them fail. */
export const cases: readonly DestinationCase[] = [
  ...appendAndReplace,
  ...merge,
  ...histories,
  ...randomLoads,
  ...values,
  ...evolution,
  ...contracts,
  ...identifiers,
  ...restore,
  ...severalPipelines,
  ...oneTransaction,
  ...changedByHand,
  ...permissions,
  ...reading,
  ...interrupted,
  ...lostConnection,
];
