type Fields = Readonly<Record<string, unknown>>;

/**
 * A row whose conversation is written as chat APIs write it (parts of text, calls under `function`, results by the id of their
 * call), as a sample writes it. Where the row itself does not give them, its last message, if it is an assistant's, is the answer
 * to examine, and the user's last one what was asked. What is no text, an image say, stays as it is, to be refused.
 */
export function fromChatRow(row: Fields): Fields {
  const unwrapped = Object.fromEntries(
    ["tools", "tool_calls", "expected_tool_calls"].flatMap((name) => {
      const list = row[name];
      return Array.isArray(list) ? [[name, list.map((each) => withoutFunction(each))]] : [];
    }),
  );
  if (!Array.isArray(row["messages"])) return { ...row, ...unwrapped };
  const messages = toMessages(row["messages"]);
  return { ...row, ...unwrapped, messages, ...questionIn(messages, row), ...answerIn(messages, row) };
}

function toMessages(given: readonly unknown[]): readonly unknown[] {
  const names = new Map<unknown, unknown>();
  return given.map((message) => {
    if (!isFields(message)) return message;
    const { content, tool_calls: calls, tool_call_id: id, ...rest } = message;
    if (Array.isArray(calls)) for (const call of calls) if (isFields(call)) names.set(call["id"], nameOf(call));
    return {
      ...(names.get(id) === undefined ? {} : { name: names.get(id) }),
      ...rest,
      ...(content === null || content === undefined ? {} : { content: textOf(content) }),
      ...(Array.isArray(calls) ? { tool_calls: calls.map((call) => withoutFunction(call)) } : {}),
    };
  });
}

/** Parts of text are one text; anything else is left. */
function textOf(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  const texts = content.map((part: unknown) => (isFields(part) && part["type"] === "text" ? part["text"] : undefined));
  return texts.every((text) => typeof text === "string") ? texts.join("") : content;
}

function withoutFunction(value: unknown): unknown {
  return isFields(value) && isFields(value["function"]) ? value["function"] : value;
}

function nameOf(call: Fields): unknown {
  const inner = withoutFunction(call);
  return isFields(inner) ? inner["name"] : undefined;
}

const namesOfInput = ["input", "query", "question", "prompt"];
const namesOfAnswer = ["output", "response", "answer", "tool_calls"];

function questionIn(messages: readonly unknown[], row: Fields): Fields {
  const asked = messages.findLast((message) => isFields(message) && message["role"] === "user");
  return isFields(asked) && !has(row, namesOfInput) ? { input: asked["content"] } : {};
}

function answerIn(messages: readonly unknown[], row: Fields): Fields {
  const last = messages.at(-1);
  if (!isFields(last) || last["role"] !== "assistant" || has(row, namesOfAnswer)) return {};
  return { output: last["content"], tool_calls: last["tool_calls"] };
}

function has(row: Fields, names: readonly string[]): boolean {
  return names.some((name) => row[name] !== undefined && row[name] !== null);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
