/**
 * Thinking that a chat target gave carries a signature that names the member it came in. So it can be handed back in that
 * member on the next turn, which some servers demand after a tool call; thinking that another model signed is no business of
 * the target. A signature is never empty, because clients leave out thinking that has none.
 */
const prefix = "proctor.";

export type ThinkingMember = "reasoning_content" | "reasoning";

export function signatureFor(member: ThinkingMember | undefined): string {
  return `${prefix}${member ?? "thinking"}`;
}

/** The member in which the target gave this thinking; undefined for thinking that cannot be handed back. */
export function memberSigned(signature: string): ThinkingMember | undefined {
  return thinkingMembers.find((member) => signature === `${prefix}${member}`);
}

/** Where servers put what the model thought, the more common one first; some send the same text in both. */
export const thinkingMembers: readonly ThinkingMember[] = ["reasoning_content", "reasoning"];
