import { attribute, type AttributeValues } from "../../tracing/index.ts";
import { selectGuardrails, type Selection } from "../guardrails/applicable.ts";
import { verdictOf, worst } from "../guardrails/decide.ts";
import {
  type Examination,
  examineHeld,
  examineObserved,
  nothingExamined,
  type Subject,
} from "../guardrails/examine.ts";
import { asObserver, type Guardrail } from "../guardrails/guardrail.ts";
import type { InputText, ReplyParts } from "../wires/wire.ts";
import { type Attempt, endAttempt } from "./attempt.ts";
import {
  type Exchange,
  factsOf,
  gluedSample,
  inputSample,
  outputSample,
  progressOf,
  type ServableRequest,
} from "./exchange.ts";

/** A reply and the attempt that brought it. */
export interface Replied {
  readonly attempt: Attempt;
  readonly reply: ReplyParts;
}

/** Runs the guardrails that hold a reply, and adds up what their judges took. */
export async function examineReply(
  exchange: Exchange,
  request: ServableRequest,
  { attempt, reply }: Replied,
  more: Partial<Subject> & { readonly run?: readonly Guardrail[] } = {},
): Promise<Examination> {
  const { run, notRun } = holding(attempt);
  if (run.length === 0 && notRun.length === 0) return nothingExamined;
  const subject = { ...outputSubject(exchange, request, { attempt, reply }), notRun, ...more };
  return noteJudges(exchange, await examineHeld("output", more.run ?? run, subject));
}

/** The end of a reply that nothing holds: says which guardrails did not concern it, and lets the observers begin. */
export async function examineUnheld(exchange: Exchange, request: ServableRequest, replied: Replied): Promise<void> {
  noteVerdict(exchange, "output", await examineReply(exchange, request, replied));
  startObservers(exchange, request, replied);
  endAttempt(replied.attempt, "accepted");
}

/** The end of a reply that was too long to be held to it: its verdict is known, and the observers begin. */
export async function endUnexamined(exchange: Exchange, request: ServableRequest, replied: Replied): Promise<void> {
  startObservers(exchange, request, replied);
  endAttempt(replied.attempt, "accepted");
}

/**
 * The guardrails without whose consent nothing leaves: where anything is held, what else would go by windows is held too, and
 * of a reply in one piece everything.
 */
export function holding({ held, windowed }: Pick<Attempt, "held" | "windowed">): Selection {
  return { run: [...windowed.run, ...held.run], notRun: [...windowed.notRun, ...held.notRun] };
}

function noteJudges(exchange: Exchange, examination: Examination): Examination {
  exchange.waiting.judgeMs += examination.judgeMs;
  for (const { evaluation } of examination.findings) {
    if (evaluation.costUsd !== null) exchange.cost.judge = (exchange.cost.judge ?? 0) + evaluation.costUsd;
  }
  return examination;
}

/** Runs the guardrails that hold the request back before any model is called. */
export async function examineRequest(
  exchange: Exchange,
  request: ServableRequest,
  more: Partial<Subject> & { readonly run?: readonly Guardrail[] } = {},
): Promise<Examination> {
  const selected = selectGuardrails(request.guardrails, { stage: "input", mode: "hold" }, factsOf(exchange, request));
  if (selected.run.length === 0 && selected.notRun.length === 0) return nothingExamined;
  const subject = { ...inputSubject(exchange, request), notRun: selected.notRun, ...more };
  return noteJudges(exchange, await examineHeld("input", more.run ?? selected.run, subject));
}

/** Notes what a stage came to, and with it what the exchange has come to so far. */
export function noteVerdict(exchange: Exchange, stage: Guardrail["stage"], examination: Examination): void {
  if (stage === "input") exchange.inputExamination = examination;
  else exchange.examination = examination;
  const { inputExamination: input, examination: output } = exchange;
  exchange.verdict = worst([input, output].map((each) => (each ? verdictOf(each.findings) : "allow")));
}

/** Judges that only watch end after the exchange, and count for the caller's budget all the same. */
function chargeFor({ admission }: Exchange, { findings }: Examination): void {
  const usd = findings.reduce((sum, { evaluation }) => sum + (evaluation.costUsd ?? 0), 0);
  if (usd > 0) admission?.charge({ tokens: 0, usd });
}

/** Starts the guardrails that only watch a reply; `shed` are those that should have held it and had no time left. */
export function startObservers(
  exchange: Exchange,
  request: ServableRequest,
  replied: Replied,
  shed: readonly Guardrail[] = [],
): void {
  const facts = factsOf(exchange, request);
  const observed = selectGuardrails(request.guardrails, { stage: "output", mode: "observe" }, facts);
  const run = [...observed.run, ...shed.map(withoutTimeBudget)];
  if (run.length === 0) return;
  const subject = { ...outputSubject(exchange, request, replied), notRun: observed.notRun, signal: undefined };
  const { promise, resolve } = Promise.withResolvers<Examination | undefined>();
  exchange.observed = promise;
  exchange.runtime.background.start(async () => {
    try {
      const examination = await examineObserved("output", run, subject);
      resolve(examination);
      chargeFor(exchange, examination);
    } finally {
      resolve(undefined);
    }
  });
}

/** Nobody waits for it any more, so only its money is limited. */
function withoutTimeBudget(guardrail: Guardrail): Guardrail {
  const { judge_ms: _request, judge_ms_per_day: _day, ...budget } = guardrail.budget;
  return asObserver({ ...guardrail, budget });
}

/** Starts the input guardrails that watch what came in while the model is called. */
export function startInputObservers(exchange: Exchange, request: ServableRequest): void {
  const facts = factsOf(exchange, request);
  const selected = selectGuardrails(request.guardrails, { stage: "input", mode: "observe" }, facts);
  if (selected.run.length === 0) return;
  const subject = { ...inputSubject(exchange, request), notRun: selected.notRun, signal: undefined };
  exchange.runtime.background.start(async () =>
    chargeFor(exchange, await examineObserved("input", selected.run, subject)),
  );
}

/** What the guardrails of a reply examine. */
export function outputSubject(
  exchange: Exchange,
  request: ServableRequest,
  { attempt, reply }: Replied,
): Omit<Subject, "notRun"> {
  const { generation, span } = attempt;
  return {
    ...subjectOf(exchange, request, {
      [attribute.target]: generation.target.label,
      [attribute.genAiResponseId]: reply.id,
    }),
    parent: span.context,
    target: generation.span.span.spanContext(),
    sampleFor: (guardrail) => outputSample(guardrail, request, reply),
    otherReading: (guardrail) => gluedSample(guardrail, request, reply),
  };
}

/** What the guardrails of a request examine. */
export function inputSubject(exchange: Exchange, request: ServableRequest): Omit<Subject, "notRun"> {
  const texts = exchange.wire.inputTexts(request.body.json);
  return {
    ...subjectOf(exchange, request, {}),
    parent: exchange.root.context,
    target: undefined,
    sampleFor: (guardrail) => inputSample(guardrail, request, texts),
    unexaminable: (guardrail) => unreadable(guardrail, texts),
  };
}

/** A guardrail that is to cover attachments cannot look into one. */
function unreadable({ covers }: Guardrail, texts: readonly InputText[]) {
  const attachment = covers.includes("attachments") ? texts.find(({ kind }) => kind === "attachments") : undefined;
  return attachment && { code: "unreadable" as const, why: `readable text in its attachment (${attachment.text})` };
}

function subjectOf(exchange: Exchange, request: ServableRequest, attributes: AttributeValues) {
  const { runtime, shared, signal, judged, policies } = exchange;
  const { tracing, judges, cache, cards, ledger, metrics } = runtime;
  return {
    tracing,
    attributes: {
      ...shared,
      [attribute.alias]: request.alias.name,
      [attribute.role]: request.alias.role,
      [attribute.policy]: policies.length === 0 ? undefined : [...policies],
      ...attributes,
    },
    judges,
    cache,
    cards,
    signal,
    progress: progressOf(exchange),
    spent: judged,
    ledger,
    onEvaluation: (record: Parameters<Subject["onEvaluation"]>[0]) => metrics.evaluationEnded(record),
  };
}
