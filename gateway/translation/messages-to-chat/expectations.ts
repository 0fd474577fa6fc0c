import type { ToolNames } from "./tool-names.ts";

/** What a request says about its reply. */
export interface Expectations {
  /** What was left out so far; grows until the reply has been read. */
  readonly dropped: Set<string>;
  readonly toolNames: ToolNames;
  readonly stopSequences: readonly string[];
}
