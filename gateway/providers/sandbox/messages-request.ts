import { z } from "zod";
import type { SandboxMessage, SandboxRequest, SandboxTool } from "./request.ts";

const textBlock = z.looseObject({ type: z.string(), text: z.string().optional() });
const content = z.union([z.string(), z.array(textBlock)]);
const source = z.looseObject({ type: z.string().optional(), data: z.string().optional(), content: content.optional() });
const block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  source: z.union([z.string(), source]).optional(),
  content: z.unknown().optional(),
});
const message = z.looseObject({
  role: z.enum(["user", "assistant", "system"]),
  content: z.union([z.string(), z.array(block)]),
});
const tool = z.looseObject({ name: z.string(), input_schema: z.unknown().optional() });

/** What the sandbox reads of a messages request. */
export const messagesRequest = z.looseObject({
  messages: z.array(message).min(1),
  max_tokens: z.number().int().min(1),
  system: content.nullish(),
  stream: z.boolean().nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: z.looseObject({ type: z.string(), name: z.string().optional() }).nullish(),
});

type MessagesRequest = z.output<typeof messagesRequest>;
type Block = z.output<typeof block>;

export function toMessagesRequest(body: MessagesRequest): SandboxRequest {
  return {
    wire: "messages",
    stream: body.stream ?? false,
    includeUsage: true,
    maxTokens: body.max_tokens,
    choices: 1,
    system: textOf(body.system),
    messages: body.messages.map(toMessage),
    tools: toolsOf(body),
  };
}

function toMessage({ role, content: given }: MessagesRequest["messages"][number]): SandboxMessage {
  const blocks: readonly Block[] = typeof given === "string" ? [{ type: "text", text: given }] : given;
  return {
    role,
    text: textOf(blocks.filter(({ type }) => type === "text")),
    passages: blocks.map(passageOf).filter((text) => text !== ""),
    isToolResult: blocks.some(({ type }) => type === "tool_result"),
  };
}

/** Text that a block brings along: of a document, a search result or a tool result. */
function passageOf(given: Block): string {
  if (given.type === "document" && typeof given.source === "object") {
    const { type, data, content: inner } = given.source;
    return type === "text" ? (data ?? "") : textOf(inner);
  }
  if (given.type !== "search_result" && given.type !== "tool_result") return "";
  const inner = content.safeParse(given.content);
  return inner.success ? textOf(inner.data) : "";
}

function textOf(given: z.output<typeof content> | readonly Block[] | null | undefined): string {
  if (typeof given === "string") return given;
  return (given ?? []).flatMap(({ text }) => text ?? []).join("\n");
}

function toolsOf({ tools, tool_choice: choice }: MessagesRequest): readonly SandboxTool[] {
  if (choice?.type === "none") return [];
  return (tools ?? [])
    .filter(({ name }) => choice?.type !== "tool" || name === choice.name)
    .map(({ name, input_schema }) => ({ name, schema: input_schema }));
}
