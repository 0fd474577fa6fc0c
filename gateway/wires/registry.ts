import type { WireName } from "../providers/provider.ts";
import { chat } from "./chat.ts";
import { messages } from "./messages.ts";
import { responses } from "./responses.ts";
import type { Wire } from "./wire.ts";

/** The dialects that the gateway serves: a new one is one file and one line here. */
export const wires = { chat, messages, responses } as const satisfies Record<WireName, Wire>;
