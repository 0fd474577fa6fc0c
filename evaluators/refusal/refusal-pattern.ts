/** What a sentence does when it refuses. */
export type RefusalKind = "inability" | "policy" | "apology" | "judgement" | "distance";

/** Matches in sentences in lower case whose gaps are single spaces: anything more general takes long to compile. */
export interface RefusalPattern {
  readonly kind: RefusalKind;
  readonly pattern: RegExp;
}
