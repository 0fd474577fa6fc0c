import type { Answer, Behaviour, Pace } from "./answer.ts";
import { answerFromContext } from "./answer-from-context.ts";
import { SandboxRequestError } from "./errors.ts";
import { distortedAnswer } from "./distorted-answer.ts";
import { judgeAnswer } from "./judge-answer.ts";
import { lastUserText, type SandboxRequest } from "./request.ts";
import { toolCallFor } from "./tool-call.ts";

/** Invented; the card number is made to have a right check digit. */
const personalData =
  "For the record: this account belongs to Dana Whitfield, dana.whitfield@example.com, and is paid with the card 4539 5787 6362 1486.";

const answerHonestly = (request: SandboxRequest): Answer => ({ text: answerFromContext(request) });

/** The ways in which the sandbox can answer: a new one is one line here. */
const behaviours = {
  faithful: { answer: answerHonestly },
  unfaithful: { answer: (request) => ({ text: distortedAnswer(request) }) },
  refuses: { answer: () => ({ text: "I'm sorry, but I can't help with that." }) },
  "leaks-pii": { answer: (request) => ({ text: `${answerFromContext(request)} ${personalData}` }) },
  "tool-call": { answer: toolCallFor },
  slow: { answer: answerHonestly, pace: "slow" },
  "drops-mid-stream": { answer: answerHonestly, pace: "drops" },
  judge: { answer: async (request) => ({ text: await judgeAnswer(request) }) },
} as const satisfies Record<string, Behaviour>;

export type BehaviourName = keyof typeof behaviours;

export const behaviourNames = Object.keys(behaviours) as readonly BehaviourName[];

/** Has the named behaviour answer. */
export async function behave(name: BehaviourName, request: SandboxRequest): Promise<{ answer: Answer; pace: Pace }> {
  const behaviour: Behaviour = behaviours[name];
  return { answer: await behaviour.answer(request), pace: behaviour.pace ?? "at_once" };
}

/**
 * The model's name decides when it is a behaviour, with or without `sandbox/`; otherwise a `sandbox/…` in the user's last
 * words; otherwise the sandbox is faithful. Throws `SandboxRequestError` (404) for a model `sandbox/…` that does not exist.
 */
export function chooseBehaviour(model: string, request: SandboxRequest): BehaviourName {
  const named = behaviourNamed(model.replace(/^sandbox\//, ""));
  if (named) return named;
  if (model.startsWith("sandbox/")) {
    const known = behaviourNames.map((name) => `sandbox/${name}`).join(", ");
    throw new SandboxRequestError(404, `The sandbox has no model "${model}". Known: ${known}.`);
  }
  const [, wanted = ""] = /\bsandbox\/([a-z-]+)/.exec(lastUserText(request)) ?? [];
  return behaviourNamed(wanted) ?? "faithful";
}

function behaviourNamed(name: string): BehaviourName | undefined {
  return behaviourNames.find((known) => known === name);
}
