/**
 * What is to happen at a fault point.
 *
 * - `error`: the step is not done, and fails
 * - `error-half`: a write is done in part, and fails; other steps fail as with `error`
 * - `error-late`: the step is done, and fails all the same: its outcome is unknown to whoever asked for it
 * - `stop`: the step is not done, and neither is anything after it, as if the process were gone
 * - `stop-half`: a write is done in part, and then nothing more
 */
export type FaultKind = "error" | "error-half" | "error-late" | "stop" | "stop-half";

/** One fault: at which point, and what. */
export interface Fault {
  /** The number of the point, from 1. */
  readonly at: number;
  readonly kind: FaultKind;
  /** What an error of `kind` throws. Default: one with the code `EIO`. */
  readonly error?: () => Error;
  /** Points after it that fail as well, by their names: a disk that is full stays full. Default: none. */
  readonly lasting?: (name: string) => boolean;
}

/** A step that may be broken off. `half` does it in part, where that is possible. */
export interface FaultStep<T> {
  readonly name: string;
  readonly action: () => Promise<T>;
  readonly half?: () => Promise<void>;
}

/** The fault points of one run: counts them, and strikes at one of them. */
export interface FaultPoints {
  /** Does a step, or what the fault makes of it. */
  pass<T>(step: FaultStep<T>): Promise<T>;
  /** The points that were passed, in order. */
  readonly names: readonly string[];
  /** The point that was struck. */
  readonly struck: string | undefined;
  /** Whether the run is to be thought of as gone. */
  readonly isStopped: boolean;
  /** Comes when the run is to be thought of as gone. */
  readonly stopped: Promise<void>;
}

/** @param fault none: the points are only counted */
export function faultPoints(fault?: Fault): FaultPoints {
  const names: string[] = [];
  let struck: string | undefined;
  let isStopped = false;
  let tellStopped: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    tellStopped = resolve;
  });
  const never = <T>(): Promise<T> => new Promise<T>(() => {});

  return {
    names,
    stopped,
    get struck() {
      return struck;
    },
    get isStopped() {
      return isStopped;
    },
    async pass({ name, action, half }) {
      if (isStopped) return never();
      names.push(name);
      if (fault !== undefined && names.length > fault.at && fault.lasting?.(name) === true) {
        throw fault.error?.() ?? inputOutputError(name);
      }
      if (names.length !== fault?.at) {
        const result = await action();
        return isStopped ? never() : result;
      }
      struck = name;
      if (fault.kind === "stop" || fault.kind === "stop-half") isStopped = true;
      if (fault.kind.endsWith("-half")) await half?.();
      if (isStopped) {
        tellStopped();
        return never();
      }
      if (fault.kind === "error-late") await action();
      throw fault.error?.() ?? inputOutputError(name);
    },
  };
}

function inputOutputError(name: string): Error {
  return Object.assign(new Error(`EIO: i/o error, ${name}`), { code: "EIO" });
}
