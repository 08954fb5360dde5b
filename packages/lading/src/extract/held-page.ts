import { pageName } from "../load-package/stored-pages.ts";
import { pageFromText, pageToText } from "../resource/page-text.ts";
import type { Page } from "../resource/page.ts";
import { plainRows } from "../resource/plain-rows.ts";
import type { Resource } from "../resource/resource.ts";

/** A page as it is, or will be, on the disk. */
export interface StoredPage {
  readonly name: string;
  /** Not there any more when it is on the disk. */
  text: string | undefined;
}

/** A parent's page while its children are read. */
export interface HeldPage {
  /** As its children are given them. */
  readonly rows: readonly unknown[];
  /** What was made of it for the disk, if anything. */
  readonly stored: StoredPage | undefined;
  /**
   * Makes of it what can be on the disk; nothing may run that could change the rows.
   * @returns `undefined` where it has what cannot be written without a loss
   */
  store(): StoredPage | undefined;
  /** Whoever was given the rows may have changed them: what was made of them counts no more. */
  forget(): void;
}

/** @param stored where it came from the disk */
export function holdPage(resource: Resource, page: Page, stored?: StoredPage): HeldPage {
  const rows = plainRows(page);
  let isStorable = true;
  return {
    rows,
    get stored() {
      return stored;
    },
    store() {
      if (stored !== undefined || !isStorable) return stored;
      const text = pageToText(rows, resource.onRestored && page.exact?.());
      isStorable = text !== undefined;
      if (text !== undefined) stored = { name: pageName(text), text };
      return stored;
    },
    forget() {
      stored = undefined;
    },
  };
}

/** A page of a resource from the disk; the resource is told of it. */
export function holdStoredPage(resource: Resource, name: string, text: string): HeldPage {
  const page = pageFromText(text);
  resource.onRestored?.(page);
  return holdPage(resource, page, { name, text: undefined });
}
