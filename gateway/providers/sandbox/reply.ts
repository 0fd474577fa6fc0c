import { chatBody, chatFrames } from "./chat-reply.ts";
import type { Completion } from "./complete.ts";
import { messagesBody, messagesFrames } from "./messages-reply.ts";

/** The reply as the vendor of the wire writes it: the frames of a stream, or one body in pieces. */
export function replyText(completion: Completion): readonly string[] {
  const { wire, stream } = completion.request;
  if (wire === "chat") return stream ? chatFrames(completion) : inPieces(chatBody(completion));
  return stream ? messagesFrames(completion) : inPieces(messagesBody(completion));
}

/** Several pieces, so that a body can be slow, and break off, in its middle. */
function inPieces(body: unknown): readonly string[] {
  const text = JSON.stringify(body);
  const length = Math.ceil(text.length / 8);
  return text.match(new RegExp(`[\\s\\S]{1,${length}}`, "gu")) ?? [];
}
