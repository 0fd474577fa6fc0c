import type OpenAI from "openai";
import type { Sample } from "../evaluators/index.ts";

type Message = OpenAI.ChatCompletionMessageParam;
type SampleMessage = NonNullable<Sample["messages"]>[number];

/** The part of a chat request that says what is asked. */
interface ChatRequest {
  readonly messages: Message[];
  readonly tools?: OpenAI.ChatCompletionTool[];
  readonly proctor?: { readonly context: readonly string[] };
}

/**
 * The question that a sample asks, as a chat request: its conversation without the answers at its end, or else its system prompt
 * and its input. Passages go before the last words of the user in `<context>` tags, and beside them for guardrails.
 */
export function toChatRequest(sample: Sample): ChatRequest {
  const { context = [], tools = [] } = sample;
  const messages = withContext(conversationOf(sample), context);
  return {
    messages,
    ...(tools.length > 0
      ? { tools: tools.map((tool) => ({ type: "function" as const, function: toFunction(tool) })) }
      : {}),
    ...(context.length > 0 ? { proctor: { context } } : {}),
  };
}

/** Whether there is something to answer. */
export function isAnswerable({ input, messages = [] }: Sample): boolean {
  return input !== undefined || messages.some(({ role }) => role === "user");
}

function conversationOf({ messages, system, input }: Sample): readonly Message[] {
  if (messages === undefined) {
    const user: Message[] = input === undefined ? [] : [{ role: "user", content: input }];
    return system === undefined ? user : [{ role: "system", content: system }, ...user];
  }
  const given = toMessages(withoutAnswers(messages));
  const hasSystem = messages.some(({ role }) => role === "system" || role === "developer");
  return system === undefined || hasSystem ? given : [{ role: "system", content: system }, ...given];
}

/** A conversation without the answers at its end. */
export function withoutAnswers(messages: readonly SampleMessage[]): SampleMessage[] {
  return messages.slice(0, messages.findLastIndex(({ role }) => role !== "assistant") + 1);
}

/** Calls have no ids in a sample: a result belongs to the first call of its name, or else to the first one, that has none yet. */
function toMessages(messages: readonly SampleMessage[]): readonly Message[] {
  const open: { readonly id: string; readonly name: string }[] = [];
  let calls = 0;
  return messages.map(({ role, content, tool_calls = [], name }): Message => {
    if (role === "tool") {
      const at = Math.max(
        0,
        open.findIndex((call) => call.name === name),
      );
      const [call] = open.splice(at, 1);
      return { role, content, tool_call_id: call?.id ?? "call_unknown" };
    }
    if (role !== "assistant" || tool_calls.length === 0) return { role, content };
    const made = tool_calls.map((call) => {
      calls += 1;
      open.push({ id: `call_${calls}`, name: call.name });
      return { id: `call_${calls}`, type: "function" as const, function: call };
    });
    return { role, content, tool_calls: made };
  });
}

function withContext(messages: readonly Message[], context: readonly string[]): Message[] {
  const at = messages.findLastIndex(({ role }) => role === "user");
  if (context.length === 0 || at < 0) return [...messages];
  const passages = context.map((passage) => `<context>\n${passage}\n</context>`).join("\n");
  return messages.map((message, index) =>
    index === at && message.role === "user" && typeof message.content === "string"
      ? { ...message, content: `${passages}\n\n${message.content}` }
      : message,
  );
}

function toFunction({
  name,
  description,
  parameters,
}: NonNullable<Sample["tools"]>[number]): OpenAI.FunctionDefinition {
  return { name, ...(description === undefined ? {} : { description }), ...(parameters ? { parameters } : {}) };
}
