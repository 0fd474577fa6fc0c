/** One prepared exchange of the demo. */
export interface DemoExchange {
  readonly title: string;
  readonly client: "openai" | "anthropic";
  readonly model: string;
  readonly stream: boolean;
  readonly messages: readonly { readonly role: "user"; readonly content: string }[];
  readonly tools?: readonly {
    readonly type: "function";
    readonly function: { readonly name: string; readonly parameters: Record<string, unknown> };
  }[];
}

const policy =
  "<context>Orders can be returned within 30 days of delivery. Refunds are paid to the original card within 5 working days. " +
  "Opened software cannot be returned. The support line is open from 9:00 to 17:00 on weekdays.</context>";

const ask = (question: string) => [{ role: "user" as const, content: `${policy}\n\n${question}` }];

/** A dozen exchanges with the offline sandbox: what passes, what is stopped, and what breaks. */
export const exchanges: readonly DemoExchange[] = [
  {
    title: "faithful answer",
    client: "openai",
    model: "student",
    stream: false,
    messages: ask("How long can I return an order?"),
  },
  {
    title: "faithful answer, streamed",
    client: "openai",
    model: "student",
    stream: true,
    messages: ask("When is the support line open?"),
  },
  {
    title: "faithful answer, messages",
    client: "anthropic",
    model: "student",
    stream: false,
    messages: ask("How fast are refunds paid?"),
  },
  {
    title: "faithful answer, messages, streamed",
    client: "anthropic",
    model: "student",
    stream: true,
    messages: ask("Can opened software be returned?"),
  },
  {
    title: "invented number",
    client: "openai",
    model: "sandbox/unfaithful",
    stream: false,
    messages: ask("How long can I return an order?"),
  },
  {
    title: "invented number, streamed",
    client: "openai",
    model: "sandbox/unfaithful",
    stream: true,
    messages: ask("How fast are refunds paid?"),
  },
  {
    title: "invented number, messages",
    client: "anthropic",
    model: "sandbox/unfaithful",
    stream: false,
    messages: ask("When is the support line open?"),
  },
  {
    title: "invented number, messages, streamed",
    client: "anthropic",
    model: "sandbox/unfaithful",
    stream: true,
    messages: ask("How fast are refunds paid?"),
  },
  {
    title: "card number and e-mail in the answer",
    client: "openai",
    model: "sandbox/leaks-pii",
    stream: true,
    messages: [{ role: "user", content: "Which card is on file?" }],
  },
  {
    title: "model refuses by itself",
    client: "anthropic",
    model: "sandbox/refuses",
    stream: false,
    messages: ask("How do I cheat on a return?"),
  },
  {
    title: "tool call",
    client: "openai",
    model: "sandbox/tool-call",
    stream: true,
    messages: [{ role: "user", content: "What is the weather in Oslo?" }],
    tools: [
      {
        type: "function",
        function: {
          name: "get_weather",
          parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
        },
      },
    ],
  },
  {
    title: "provider drops in the middle",
    client: "openai",
    model: "sandbox/drops-mid-stream",
    stream: true,
    messages: ask("How long can I return an order?"),
  },
];
