import type { WireName } from "../provider.ts";

/** A request as the sandbox reads it, whichever wire it came on. */
export interface SandboxRequest {
  readonly wire: WireName;
  readonly stream: boolean;
  /** The chat wire sends a usage chunk only when asked. */
  readonly includeUsage: boolean;
  readonly maxTokens: number | undefined;
  /** How many answers are wanted; more than one only on the chat wire. */
  readonly choices: number;
  readonly system: string;
  readonly messages: readonly SandboxMessage[];
  /** Tools that may be called, the one that must be called first; empty when calling is forbidden. */
  readonly tools: readonly SandboxTool[];
}

export interface SandboxMessage {
  readonly role: string;
  readonly text: string;
  /** Documents, search results and tool results that came with it. */
  readonly passages: readonly string[];
  readonly isToolResult: boolean;
}

export interface SandboxTool {
  readonly name: string;
  /** JSON Schema of the arguments. */
  readonly schema: unknown;
}

/** What the user said last, in words. */
export function lastUserText({ messages }: SandboxRequest): string {
  return messages.findLast(({ role, text }) => role === "user" && text.trim() !== "")?.text ?? "";
}
