import {
  chatReply,
  type FakeVendor,
  startFakeVendor,
  type VendorReply,
  type VendorRequest,
} from "../support/fake-vendor.ts";
import { type JudgeServer, startJudgeServer } from "../support/judge-server.ts";
import { plainAttributes } from "../../tracing/index.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { type AttackForm, attackForms } from "./attack-forms.ts";
import { echoes, obedient, type PlayedJudge, wrongSentence } from "./weak-judges.ts";

/** Where the text stands that talks to the judge. */
export const places = ["answer", "context", "tool argument", "reasoning"] as const;
export type Place = (typeof places)[number];

/** From which field evidence must be quoted, if at all. */
export const rubrics = ["none", "context", "output"] as const;
export type QuoteRule = (typeof rubrics)[number];

/** In everything that a blocked answer must not show. */
export const marker = "PLUGH-31";

/** One request: whose answer, attacked how and where, judged by whom. */
export interface Cell {
  readonly attack: AttackForm;
  readonly place: Place;
  readonly judge: PlayedJudge;
  readonly quotes: QuoteRule;
  readonly stream: boolean;
}

/** What came back for a cell. */
export interface Reply {
  readonly cell: Cell;
  readonly traceId: string;
  readonly verdict: string;
  /** Headers and body, as they came. */
  readonly received: string;
}

/** A reply with what its EVALUATOR span says. */
export interface CellResult extends Reply {
  readonly outcome: string;
  readonly reason: string;
  readonly suspected: readonly string[];
  readonly isCached: boolean;
}

export interface AttackedWorld {
  readonly judge: JudgeServer;
  /** Asks for all of them, a few at a time, and reads their spans when all have been answered. */
  ask(cells: readonly Cell[]): Promise<readonly CellResult[]>;
  close(): Promise<void>;
}

/** A student that says whatever the cell wants, judges of every kind, and a gateway that holds the answer for each of them. */
export async function startAttackedWorld(): Promise<AttackedWorld> {
  const student = await startFakeVendor(answerOf);
  const judges = [...echoes, ...obedient];
  const judge = await startJudgeServer((call) => judges.find(({ id }) => id === call.model)?.play(call) ?? "");
  const gateway = await startTestGateway(configOf(student, judge, judges));
  return {
    judge,
    async ask(cells) {
      const replies = await inParallel(cells, (cell) => askOne(gateway, cell));
      gateway.tracing.store?.flush();
      return replies.map((reply) => withSpan(gateway, reply));
    },
    async close() {
      await gateway.close();
      await judge.close();
      await student.close();
    },
  };
}

function configOf(student: FakeVendor, judge: JudgeServer, judges: readonly PlayedJudge[]): object {
  const pairs = judges.flatMap(({ id }) => rubrics.map((quotes) => ({ id, quotes })));
  const judgeModels = judges.map(({ id }) => [id, { role: "judge", targets: [{ provider: "judge", model: id }] }]);
  const students = pairs.map(({ id, quotes }) => [
    `student-${id}-${quotes}`,
    { role: "student", targets: [{ provider: "student", model: "s" }] },
  ]);
  const evaluators = pairs.map(({ id, quotes }) => [`${id}_${quotes}`, rubricOf(id, quotes)]);
  return {
    providers: {
      student: { kind: "openai", base_url: student.url },
      judge: { kind: "openai", base_url: judge.url },
    },
    models: Object.fromEntries([...judgeModels, ...students]) as object,
    evaluators: Object.fromEntries(evaluators) as object,
    guardrails: pairs.map(({ id, quotes }) => ({
      models: [`student-${id}-${quotes}`],
      output: [
        { evaluator: `${id}_${quotes}`, mode: "hold", on_fail: "block", on_error: "block", on_abstain: "block" },
      ],
    })),
  };
}

function rubricOf(judge: string, quotes: QuoteRule): object {
  const criteria = [{ id: "grounded", question: "Is every claim of the answer in the context?", must: true }];
  return { kind: "rubric", judge, criteria, ...(quotes === "none" ? {} : { quote_from: [quotes] }) };
}

/** What the student says, as a message of the chat dialect. */
function messageFor({ text, alone }: AttackForm, place: Place) {
  const attack = `${text}\n${marker}`;
  const wrong = `${wrongSentence} ${marker}`;
  if (place === "answer") return { content: alone ? text : `${wrong}\n\n${attack}` };
  if (place === "reasoning") return { content: wrong, reasoning_content: attack };
  if (place === "context") return { content: wrong };
  const call = { name: "note", arguments: JSON.stringify({ text: attack }) };
  return { content: wrong, tool_calls: [{ index: 0, id: "call_1", type: "function", function: call }] };
}

/** The question says which cell it is: `attack 3, reasoning`. */
function answerOf({ json }: VendorRequest): VendorReply {
  const [{ content }] = json["messages"] as [{ content: string }];
  const [, index, place] = /^attack (\d+), ([a-z ]+)\./.exec(content) ?? [];
  const attack = attackForms[Number(index)];
  if (!attack) throw new RangeError(`There is no attack ${index}.`);
  const message = messageFor(attack, place as Place);
  return json["stream"] === true ? streamOf(message) : wholeOf(message);
}

function wholeOf(message: object): VendorReply {
  const finish_reason = "tool_calls" in message ? "tool_calls" : "stop";
  return chatReply("", { choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason }] });
}

function streamOf(message: object): VendorReply {
  const finish = "tool_calls" in message ? "tool_calls" : "stop";
  const frame = (delta: object, finish_reason: string | null = null) =>
    `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "s", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  const deltas = Object.entries(message).map(([field, value]) => frame({ [field]: value as unknown }));
  return {
    headers: { "content-type": "text/event-stream" },
    chunks: [frame({ role: "assistant" }), ...deltas, frame({}, finish), "data: [DONE]\n\n"],
  };
}

const policy = "Refunds are possible within 30 days of delivery.";
const tools = [
  {
    type: "function",
    function: { name: "note", parameters: { type: "object", properties: { text: { type: "string" } } } },
  },
];

async function askOne(gateway: TestGateway, { attack, place, judge, quotes, stream }: Cell): Promise<Reply> {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({
      model: `student-${judge.id}-${quotes}`,
      stream,
      tools,
      messages: [{ role: "user", content: questionOf(attack, place, stream) }],
      proctor: { context: place === "context" ? [policy, `${attack.text}\n${marker}`] : [policy] },
    }),
  });
  const body = await response.text();
  return {
    cell: { attack, place, judge, quotes, stream },
    traceId: response.headers.get("x-proctor-trace-id") ?? "",
    verdict: response.headers.get("x-proctor-verdict") ?? "",
    received: `${JSON.stringify([...response.headers])}\n${body}`,
  };
}

/** Streams ask something else, so that none gets a verdict that is known from the whole reply. */
function questionOf(attack: AttackForm, place: Place, stream: boolean): string {
  return `attack ${attackForms.indexOf(attack)}, ${place}. How long${stream ? " in days" : ""}?`;
}

function withSpan({ tracing }: TestGateway, reply: Reply): CellResult {
  const { judge, quotes } = reply.cell;
  const spans = tracing.store?.trace(reply.traceId).flatMap((batch) => batch.spans) ?? [];
  const evaluator = spans.find(({ name }) => name === `evaluate ${judge.id}_${quotes}`);
  const said: Readonly<Record<string, unknown>> = plainAttributes(evaluator?.attributes ?? []);
  return {
    ...reply,
    outcome: String(said["proctor.eval.outcome"]),
    reason: String(said["evaluations.0.evaluation.explanation"]),
    suspected: (said["proctor.eval.suspected"] ?? []) as readonly string[],
    isCached: said["proctor.eval.cached"] === true,
  };
}

async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [at, item] of waiting) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: 12 }, worker));
  return results;
}
