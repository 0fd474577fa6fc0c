import type { WireName } from "../../../../gateway/providers/provider.ts";
import { bytesOf, chatReply, chatStream, messagesReply, messagesStream } from "../../../support/fake-vendor.ts";
import { responsesWriting } from "../../../support/responses-writing.ts";

/** The answer in the pieces of a stream. */
export const pieces = ["One ", "two ", "three."] as const;

/** What the vendor of a wire sends when nothing goes wrong, and how it says that something does. */
export interface VendorReplies {
  whole(said: string): string;
  /** The frames of a stream. */
  frames(said: readonly string[]): readonly string[];
  /** Index of the first frame that holds text. */
  readonly firstText: number;
  /** An error as the body of a reply, and as an event of a stream. */
  readonly errorBody: string;
  readonly errorFrame: string;
}

const chatError = { error: { message: "The server had an error.", type: "server_error", param: null, code: null } };
const messagesError = {
  type: "error",
  error: { type: "overloaded_error", message: "Overloaded" },
  request_id: "req_1",
};
const responsesError = {
  type: "error",
  sequence_number: 3,
  code: "server_error",
  message: "The server had an error.",
  param: null,
};

export const replies: Readonly<Record<WireName, VendorReplies>> = {
  chat: {
    whole: (said) => bytesOf(chatReply(said)),
    frames: (said) => framesOf(bytesOf(chatStream(said))),
    firstText: 1,
    errorBody: JSON.stringify(chatError),
    errorFrame: `data: ${JSON.stringify(chatError)}\n\n`,
  },
  messages: {
    whole: (said) => bytesOf(messagesReply(said)),
    frames: (said) => framesOf(bytesOf(messagesStream(said))),
    firstText: 3,
    errorBody: JSON.stringify(messagesError),
    errorFrame: `event: error\ndata: ${JSON.stringify(messagesError)}\n\n`,
  },
  responses: {
    whole: (said) => JSON.stringify(responsesWriting.whole(spoken([said]))),
    frames: (said) => responsesWriting.frames(spoken(said)),
    firstText: 4,
    errorBody: JSON.stringify(chatError),
    errorFrame: `event: error\ndata: ${JSON.stringify(responsesError)}\n\n`,
  },
};

function framesOf(stream: string): readonly string[] {
  return stream.split(/(?<=\n\n)/);
}

function spoken(text: readonly string[]): Parameters<typeof responsesWriting.frames>[0] {
  return { choices: [{ reasoning: [], text, calls: [], finish: "stop" }], inputTokens: 11, outputTokens: 7, turns: [] };
}
