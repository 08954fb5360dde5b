import { LadingError } from "../errors/index.ts";
import { ExactFloat, type Exact } from "../util/exact.ts";
import { toPlain } from "../util/json.ts";
import type { Json } from "../util/json-value.ts";
import type { Cursor } from "./context.ts";
import { applyLag } from "./cursor-lag.ts";
import { compileCursorPath } from "./cursor-path.ts";
import { cursorRange } from "./cursor-range.ts";
import {
  fromState,
  readCursorState,
  runStartFromJson,
  runStartToJson,
  toState,
  writeCursorState,
  type RunStart,
} from "./cursor-state.ts";
import {
  comparable,
  compare,
  plainCursor,
  unmark,
  type Comparable,
  type CursorValue,
  type StoredCursor,
} from "./cursor-value.ts";
import { dedupHash, hashLookup, LEGACY_HASH_LENGTH } from "./dedup-hash.ts";
import type { Incremental } from "./incremental.ts";
import { parseInstant } from "./instant.ts";
import type { Page } from "./page.ts";
import { pickRows } from "./rebuild-page.ts";
import type { ResourceContext } from "./resource.ts";
import { rowKey, type Key } from "./row-key.ts";

/** One run of an incremental resource. */
export interface CursorRun {
  /** What the resource's function sees. */
  readonly view: Cursor;
  /** The rows of a page that belong to this run; moves the cursor, and puts where it stands into the state. */
  take(page: Page): Page;
  /** `true`: the rows come in order and have left the range; nothing that comes later belongs to it. */
  readonly isOver: boolean;
  /** What a run that goes on after a crash must know, beside the state. */
  readonly position: Json;
}

/** What a cursor needs of the resource that it belongs to. */
export interface CursorOwner {
  readonly resource: string;
  /** The resource's primary key, for `incremental`s without one of their own. */
  readonly primaryKey: Key | undefined;
  readonly context: Pick<ResourceContext, "state" | "stateBefore" | "warn">;
  /** The position of a run that goes on. */
  readonly resumed: Json | undefined;
}

const MANY_HASHES = 200;

/**
 * Begins a run: from the end of the one before, or from the initial value; or goes on with one that was broken off.
 * The rules are those of spec dlt-core 6.7.
 *
 * @throws LadingError CURSOR_INVALID where stored and given values cannot be compared
 */
export function openCursor(definition: Incremental, owner: CursorOwner): CursorRun {
  const { cursorPath, settings, storedAs } = definition;
  const { resource, context } = owner;
  const { initialValue, endValue, lag = 0, rangeStart, rowOrder, onCursorValueMissing = "raise" } = settings;
  const keepsState = endValue === undefined;
  const hasLag = lag > 0 && keepsState;
  const key = settings.primaryKey ?? owner.primaryKey;
  const dedups = rangeStart !== "open" && keepsState && !hasLag && !(Array.isArray(key) && key.length === 0);
  const what = `The cursor "${cursorPath}" of "${resource}"`;
  const readPath = compileCursorPath(cursorPath);
  const range = cursorRange(definition);

  const stored = keepsState ? readCursorState(context.state, cursorPath) : undefined;
  const before = keepsState ? readCursorState(context.stateBefore ?? context.state, cursorPath) : undefined;
  let stateLast: StoredCursor | undefined = (stored && fromState(stored.last_value)) ?? initialValue;
  let startValue = stored ? stored.start_value : toState(initialValue);
  const run: RunStart =
    owner.resumed === undefined
      ? { start: (before && fromState(before.last_value)) ?? initialValue, hashes: before?.unique_hashes ?? [] }
      : runStartFromJson(owner.resumed);
  const start = optional(lagged(run.start), what);
  const isKnownAtStart = hashLookup(run.hashes);
  // A run that goes on, or a child that is opened for another page of its parent, has its furthest value in the state,
  // with the hashes of the rows seen there.
  let last = hasMoved(stateLast, run.start) ? optional(stateLast, what) : start;
  let lastHashes = new Set(stored?.unique_hashes);
  let isLegacyLast = [...lastHashes].some((hash) => hash.length === LEGACY_HASH_LENGTH);
  let mayBeFloat = true;
  let isOver = false;
  let hasWarned = false;
  save();

  return {
    take,
    view: {
      start: publicValue(start?.value),
      get last() {
        return publicValue(keepsState ? lagged(stateLast) : last?.value);
      },
      end: endValue === undefined ? undefined : publicValue(endValue),
    },
    get isOver() {
      return isOver;
    },
    get position() {
      return runStartToJson(run);
    },
  };

  function take(page: Page): Page {
    const kept: number[] = [];
    /** Rows at the furthest value of this page that are yet to be hashed. */
    let atLast: number[] = [];
    let lastIndex: number | undefined;
    for (let index = 0; index < page.rows.length; index++) {
      const value = cursorOf(page, index);
      if (value === undefined) {
        if (onCursorValueMissing === "include") kept.push(index);
        continue;
      }
      const verdict = range.judge(value, start, last);
      if (verdict === "before" || verdict === "after") {
        isOver ||= rowOrder === (verdict === "after" ? "asc" : "desc");
        continue;
      }
      const isAtStart = verdict === "at-start" || verdict === "at-start-and-last";
      if (isAtStart && dedups && isKnownAtStart(rowKey(page, index, key, resource))) {
        // Not the end of a descending order, as it is in dlt: new rows with the same value may still come.
        continue;
      }
      if (verdict === "advance") {
        last = value;
        lastIndex = index;
        atLast = [];
        lastHashes = new Set();
        isLegacyLast = false;
      }
      if (verdict !== "take" && verdict !== "at-start") atLast.push(index);
      kept.push(index);
    }
    if (lastIndex !== undefined) last = asWritten(page, lastIndex, last!);
    if (dedups) for (const index of atLast) lastHashes.add(dedupHash(rowKey(page, index, key, resource), isLegacyLast));
    settle(kept.length > 0);
    return pickRows(page, kept);
  }

  function settle(hasRows: boolean): void {
    if (last && keepsState) {
      if (!hasLag || stateLast === undefined || isFurther(last, stateLast)) stateLast = last.value;
    }
    if (hasRows) startValue = toState(run.start, storedAs);
    if (lastHashes.size > MANY_HASHES && !hasWarned) {
      hasWarned = true;
      context.warn(
        `${what} has more than ${MANY_HASHES} rows with one value, and each is remembered. ` +
          `A finer cursor, or \`rangeStart: "open"\` where no row can come late, costs less.`,
      );
    }
    save();
  }

  function save(): void {
    if (!keepsState) return;
    writeCursorState(context.state, cursorPath, {
      initial_value: stored ? stored.initial_value : toState(initialValue),
      last_value: toState(stateLast, storedAs),
      unique_hashes: dedups ? [...lastHashes] : [],
      start_value: startValue,
    });
  }

  /** With a lag a run may end before the one before did. */
  function isFurther(value: Comparable, than: StoredCursor): boolean {
    const order = compare(value, comparable(than, what));
    return settings.lastValueFunc === "min" ? order < 0 : order > 0;
  }

  /**
   * A whole number that the rows write as a float (`2.0`) as such. Exact rows are parsed for it only while floats were
   * seen, or nothing yet in this run: else every page of integers would be parsed twice.
   */
  function asWritten(page: Page, index: number, value: Comparable): Comparable {
    if (typeof value.value !== "number") return value;
    if (!Number.isInteger(value.value)) {
      mayBeFloat = true;
      return value;
    }
    if (!mayBeFloat || !page.exact) return value;
    const exact = readPath(page.exact()[index]);
    mayBeFloat = exact instanceof ExactFloat;
    return exact instanceof ExactFloat ? { ...value, value: exact } : value;
  }

  function cursorOf(page: Page, index: number): Comparable | undefined {
    let value = readPath(page.rows[index]);
    if (value === undefined || value === null) {
      if (onCursorValueMissing !== "raise") return undefined;
      throw new LadingError(
        "CURSOR_MISSING",
        `A row of "${resource}" has ${value === null ? "null" : "nothing"} at "${cursorPath}", where its cursor should be`,
        { details: { resource, cursorPath } },
      );
    }
    if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      const exact = readPath(page.exact?.()[index]);
      if (exact !== undefined) value = toPlain(exact as Exact);
    }
    return comparable(value, what);
  }

  function lagged(value: StoredCursor | undefined): StoredCursor | undefined {
    if (!hasLag || value === undefined) return value;
    return applyLag(value, { lag, direction: settings.lastValueFunc === "min" ? "min" : "max", initial: initialValue });
  }
}

function optional(value: StoredCursor | undefined, what: string): Comparable | undefined {
  return value === undefined ? undefined : comparable(value, what);
}

function hasMoved(now: StoredCursor | undefined, before: StoredCursor | undefined): boolean {
  if (now === undefined || before === undefined) return now !== before;
  return compare(comparable(now, "last_value"), comparable(before, "start_value")) !== 0;
}

/** Without the marker of a time, and as a `Date` where it was one. */
function publicValue(value: StoredCursor | undefined): CursorValue | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string") return plainCursor(value);
  const text = unmark(value);
  const read = text === value ? undefined : parseInstant(text);
  return read?.time ? new Date(read.seconds * 1000 + Math.floor(read.nanos / 1e6)) : text;
}
