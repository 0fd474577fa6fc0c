import { randomUUID } from "node:crypto";
import { GatewayError } from "../../errors.ts";
import { arrayOf, isJsonObject, type JsonObject, numberOf, objectOf, stringOf } from "../../wires/json.ts";
import { addPiece, type Answer, type Block, createAnswer, settleId, toolOf } from "./answer.ts";
import { type Ending, isCutOff, toStop } from "./ending.ts";
import type { Expectations } from "./expectations.ts";
import { noteUnknown } from "./notes.ts";
import { piecesOf } from "./pieces.ts";
import { signatureFor } from "./thinking-signature.ts";
import { toInput } from "./tool-input.ts";
import { toUsage } from "./usage.ts";

/** A whole chat completion as a message. */
export function translateMessage(reply: JsonObject, expectations: Expectations): JsonObject {
  const { dropped, toolNames, stopSequences } = expectations;
  const choice = firstChoice(reply, dropped);
  if (!choice) throw noChoice();
  const answer = createAnswer();
  const pieces = piecesOf(objectOf(choice["message"]), dropped);
  // In a whole answer every call is a call of its own, whatever its number.
  const numbered = pieces.map((piece, slot) => (piece.type === "call" ? { ...piece, slot } : piece));
  numbered.forEach((piece) => addPiece(answer, piece, toolNames));
  const matched = choice["stop_reason"] ?? choice["matched_stop"];
  const ending = endingOf({ finishReason: stringOf(choice["finish_reason"]), matched }, answer);
  return {
    ...messageHead(reply),
    content: answer.blocks.map((block) => toContentBlock(block, answer, { ending, toolNames })),
    ...toStop(ending, stopSequences),
    usage: toUsage(objectOf(reply["usage"]), reply["service_tier"]),
  };
}

/** What a message begins with, whole or streamed; an id is made where the server gives none. */
export function messageHead({ id, model }: JsonObject): JsonObject {
  const given = stringOf(id).replace(/^chatcmpl-/, "");
  return {
    id: `msg_${given === "" ? randomUUID().replaceAll("-", "") : given}`,
    type: "message",
    role: "assistant",
    model: stringOf(model),
    container: null,
    diagnostics: null,
  };
}

const replyMembers = new Set([
  "id",
  "object",
  "created",
  "model",
  "choices",
  "usage",
  "service_tier",
  "system_fingerprint",
  "obfuscation",
]);
const choiceMembers = new Set(["index", "message", "delta", "finish_reason", "stop_reason", "matched_stop"]);

/** The choice with the number 0, of a whole reply or of a chunk; the only one, since no client can ask for more. */
export function firstChoice(body: JsonObject, dropped: Set<string>): JsonObject | undefined {
  noteUnknown(body, replyMembers, "reply", dropped);
  const choices = arrayOf(body["choices"]).filter(isJsonObject);
  const first = choices.find(({ index }) => (numberOf(index) ?? 0) === 0);
  if (choices.some((choice) => choice !== first)) dropped.add("reply.choices[]");
  if (first) noteUnknown(first, choiceMembers, "reply", dropped);
  return first;
}

export function noChoice(): GatewayError {
  return new GatewayError(
    "provider_failed",
    "The model's server answered without an answer: there is no choice in it.",
  );
}

/** How an answer ended: what its server said of that, and what it holds. */
export function endingOf(said: Pick<Ending, "finishReason" | "matched">, { hasRefused, blocks }: Answer): Ending {
  return { ...said, hasRefused, hasCalls: blocks.some(({ type }) => type === "call") };
}

function toContentBlock(
  block: Block,
  answer: Answer,
  { ending, toolNames }: { readonly ending: Ending } & Pick<Expectations, "toolNames">,
): JsonObject {
  if (block.type === "text") return { type: "text", text: block.pieces.join(""), citations: null };
  if (block.type === "thinking")
    return { type: "thinking", thinking: block.pieces.join(""), signature: signatureFor(block.member) };
  return {
    type: "tool_use",
    id: settleId(answer, block),
    name: toolOf(block, toolNames),
    input: toInput(block, isCutOff(ending)),
    caller: { type: "direct" },
  };
}
