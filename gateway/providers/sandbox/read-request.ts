import { z } from "zod";
import type { WireName } from "../provider.ts";
import { chatRequest, toChatRequest } from "./chat-request.ts";
import { SandboxRequestError } from "./errors.ts";
import { messagesRequest, toMessagesRequest } from "./messages-request.ts";
import type { SandboxRequest } from "./request.ts";

/** Reads the body as the wire's vendor documents it; unknown fields are ignored. Throws `SandboxRequestError` (400). */
export function readRequest(wire: WireName, body: string): SandboxRequest {
  return wire === "chat"
    ? toChatRequest(readBodyAs(chatRequest, body))
    : toMessagesRequest(readBodyAs(messagesRequest, body));
}

/** Reads a body by its schema. Throws `SandboxRequestError` (400). */
export function readBodyAs<Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> {
  const parsed = schema.safeParse(readJson(body));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue?.path.join(".") || "The body";
  throw new SandboxRequestError(400, `${place}: ${issue?.message ?? "unreadable"}.`);
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new SandboxRequestError(400, "The body is not valid JSON.");
  }
}
