import { LadingError } from "../errors/index.ts";

/** What a draft was begun with. */
export interface DraftHeader {
  readonly format: 1;
  readonly pipeline: string;
  readonly createdAt: string;
  /** Of the source's configuration: a draft of another source is not gone on with. */
  readonly fingerprint: string;
  /** The schema as it was, in stored form. */
  readonly schema: string;
  /** The schema that rows of the state belong to, where that is another one: the pipeline's default schema. */
  readonly stateSchema?: string;
  /** How the source is begun anew with this package (`pipeline/refresh.ts`). */
  readonly refresh?: "drop_sources" | "drop_resources" | "drop_data";
  /** The state as it was, as text. */
  readonly state: string;
  /** The newest package that was waiting then: the draft goes on from its state, and is of no use without it. */
  readonly after?: string;
  /** What the destination had as newest when the draft was begun. */
  readonly base: {
    readonly stateVersion: number | undefined;
    readonly stateHash: string | undefined;
    readonly schemaHash: string | undefined;
  };
}

/** Throws `PACKAGE_CORRUPT`. `folder`: of the draft, for the message. */
export function parseHeader(text: string, folder: string): DraftHeader {
  try {
    const header = JSON.parse(text) as DraftHeader;
    if (header.format === 1) return header;
  } catch {
    // Said below.
  }
  throw damagedDraft(folder, "draft.json");
}

/** `file`: below the folder of the draft. */
export function damagedDraft(folder: string, file: string): LadingError {
  return new LadingError("PACKAGE_CORRUPT", `The draft in ${folder} is damaged: ${file}.`, {
    details: { folder, file },
  });
}
