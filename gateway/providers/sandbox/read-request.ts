import { z } from "zod";
import type { WireName } from "../provider.ts";
import { chatRequest, toChatRequest } from "./chat-request.ts";
import { SandboxRequestError } from "./errors.ts";
import { messagesRequest, toMessagesRequest } from "./messages-request.ts";
import type { SandboxRequest } from "./request.ts";

/** Reads the body as the wire's vendor documents it; unknown fields are ignored. Throws `SandboxRequestError` (400). */
export function readRequest(wire: WireName, body: string): SandboxRequest {
  const json = readJson(body);
  return wire === "chat" ? toChatRequest(parse(chatRequest, json)) : toMessagesRequest(parse(messagesRequest, json));
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new SandboxRequestError(400, "The body is not valid JSON.");
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, json: unknown): z.output<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue?.path.join(".") || "The body";
  throw new SandboxRequestError(400, `${place}: ${issue?.message ?? "unreadable"}.`);
}
