import type { Usage } from "../../evaluators/index.ts";

/** Longer than this no vendor's account of its tokens is. */
const usageBytes = 1000;

/**
 * Tokens that a reply with vectors says it used; null when it does not say. Only the neighbourhood of the last `"usage"` is
 * read: the vectors are megabytes of digits, in which that word cannot stand.
 */
export function embeddingsUsage(reply: Buffer): Usage | null {
  const at = reply.lastIndexOf('"usage"');
  if (at === -1) return null;
  const text = reply.subarray(at, at + usageBytes).toString("utf8");
  const [, prompt] = /"prompt_tokens"\s*:\s*(\d+)/.exec(text) ?? [];
  const [, total] = /"total_tokens"\s*:\s*(\d+)/.exec(text) ?? [];
  const tokens = prompt ?? total;
  return tokens === undefined ? null : { inputTokens: Number(tokens), outputTokens: 0 };
}
