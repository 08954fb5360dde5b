import type { Command } from "commander";
import type { Host } from "./host.ts";

/** The profile is asked for as a part of where things are, not of how something is done. */
export function withProfile(host: Host, command: Command): Host {
  const { profile } = command.optsWithGlobals<{ readonly profile?: string }>();
  return profile === undefined ? host : { ...host, profile };
}
