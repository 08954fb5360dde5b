/** What the catalog says of one error: what kind of thing happened, and what to do about it. */
export interface CatalogEntry {
  /** What happened, in a few words, without the particulars. */
  readonly title: string;
  /** What to do about it. */
  readonly hint: string;
  /** `true`: trying the same again may work (a server that is down); `false`: something must be changed first. */
  readonly transient: boolean;
}
