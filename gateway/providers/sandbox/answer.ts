import type { SandboxRequest } from "./request.ts";

/** How an answer is handed over. */
export type Pace = "at_once" | "slow" | "drops";

/** What the sandbox says: words, or a tool call. */
export type Answer = { readonly text: string } | { readonly tool: string; readonly arguments: string };

/** One way of answering. */
export interface Behaviour {
  readonly pace?: Pace;
  answer(request: SandboxRequest): Answer | Promise<Answer>;
}
