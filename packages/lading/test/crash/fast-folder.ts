import { existsSync } from "node:fs";
import { tmpdir } from "node:os";

/** Memory where the system has it: thousands of syncs cost nothing there. What would be lost is known without a disk. */
export const fastFolder = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
