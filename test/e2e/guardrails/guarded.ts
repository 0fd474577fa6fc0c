import { expect } from "vitest";
import {
  chatReply,
  chatStream,
  type FakeVendor,
  messagesReply,
  messagesStream,
  startFakeVendor,
  type VendorReply,
  type VendorRequest,
} from "../../support/fake-vendor.ts";
import { responsesWriting } from "../../support/responses-writing.ts";
import type { Said } from "../../support/said.ts";
import { startTestGateway, type TestGateway } from "../../support/test-gateway.ts";

/** What the evaluator of personal data must find. */
export const secret = "123-45-6789";

/** A guarded model `student` behind a vendor that answers what each test says, and `teacher` behind another. */
export interface Guarded {
  readonly gateway: TestGateway;
  readonly student: FakeVendor;
  readonly teacher: FakeVendor;
  ask(more?: Readonly<Record<string, unknown>>, headers?: Readonly<Record<string, string>>): Promise<Asked>;
  /** The same, with the reply still to be read. */
  post(body: Readonly<Record<string, unknown>>, more?: Omit<RequestInit, "method" | "body">): Promise<Response>;
  close(): Promise<void>;
}

export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  /** Bytes of the body, as text. */
  readonly body: string;
}

export type Dialect = "chat" | "messages" | "responses";

export const dialects = ["chat", "messages", "responses"] as const satisfies readonly Dialect[];

const kinds = {
  chat: { kind: "openai" },
  messages: { kind: "anthropic" },
  responses: { kind: "openai", responses: true },
} as const;
const paths = { chat: "/v1/chat/completions", messages: "/v1/messages", responses: "/v1/responses" } as const;

export interface GuardedOptions {
  readonly dialect?: Dialect;
  /** What the student answers; `count` begins with 1. */
  readonly answer: (request: VendorRequest, count: number) => VendorReply | string;
  readonly teacherAnswer?: string;
  readonly output?: readonly object[];
  readonly input?: readonly object[];
  readonly group?: object;
  readonly evaluators?: object;
  readonly more?: object;
  readonly models?: object;
  readonly providers?: object;
  /** Settings of the student's provider. */
  readonly vendor?: object;
}

/** Starts a vendor, a teacher and a gateway that guards the student. */
export async function startGuarded(options: GuardedOptions): Promise<Guarded> {
  const { dialect = "chat", teacherAnswer = "The teacher's answer.", output = [], input = [], group, more } = options;
  const student = await startFakeVendor((request, count) => toReply(options.answer(request, count), request, dialect));
  const teacher = await startFakeVendor((request) => toReply(teacherAnswer, request, dialect));
  const gateway = await startTestGateway({
    providers: {
      vendor: { ...kinds[dialect], base_url: student.url, ...options.vendor },
      other: { ...kinds[dialect], base_url: teacher.url },
      ...options.providers,
    },
    models: {
      student: { targets: [{ provider: "vendor", model: "m" }], price: { input: 1, output: 1 } },
      teacher: { role: "teacher", targets: [{ provider: "other", model: "t" }], price: { input: 10, output: 10 } },
      ...options.models,
    },
    ...(options.evaluators ? { evaluators: options.evaluators } : {}),
    guardrails: [{ models: ["student"], input, output, ...group }],
    ...more,
  });
  const post: Guarded["post"] = (body, init = {}) =>
    fetch(gateway.url + paths[dialect], {
      ...init,
      method: "POST",
      body: JSON.stringify({ model: "student", ...question(dialect), ...body }),
    });
  return {
    gateway,
    student,
    teacher,
    post,
    async ask(body = {}, headers = {}) {
      const response = await post(body, { headers });
      return { status: response.status, headers: response.headers, body: await response.text() };
    },
    async close() {
      await gateway.close();
      await student.close();
      await teacher.close();
    },
  };
}

function question(dialect: Dialect): object {
  const content = "What do you know?";
  return dialect === "responses" ? { input: content } : { max_tokens: 99, messages: [{ role: "user", content }] };
}

function toReply(answer: VendorReply | string, { json }: VendorRequest, dialect: Dialect): VendorReply {
  if (typeof answer !== "string") return answer;
  // Cut so that nothing of interest stands in one piece.
  const pieces = answer.match(/.{1,5}/gs) ?? [];
  const isStream = json["stream"] === true;
  return isStream ? streamOf(dialect, pieces) : wholeOf(dialect, answer);
}

/** An answer in one piece. */
export function wholeOf(dialect: Dialect, answer: string): VendorReply {
  if (dialect === "chat") return chatReply(answer);
  if (dialect === "messages") return messagesReply(answer);
  return { chunks: [JSON.stringify(responsesWriting.whole(saying([answer])))] };
}

/** An answer as a stream; with `cut`, in chunks of so many bytes. */
export function streamOf(dialect: Dialect, pieces: readonly string[], { cut = 0 }: { cut?: number } = {}): VendorReply {
  if (dialect === "chat") return chatStream(pieces, { cut });
  if (dialect === "messages") return messagesStream(pieces, { cut });
  const bytes = Buffer.from(responsesWriting.frames(saying(pieces)).join(""));
  return { headers: { "content-type": "text/event-stream" }, chunks: inChunks(bytes, cut === 0 ? bytes.length : cut) };
}

/** The beginning of a stream: the frames up to the last piece of the text, and no end. */
export function halfOf(dialect: Dialect, text: string, ending: VendorReply["ending"] = "hang"): VendorReply {
  const pieces = text.match(/.{1,5}/gs) ?? [];
  const { headers = {}, chunks } = streamOf(dialect, pieces);
  const whole = Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))).toString("utf8");
  const lastPiece = JSON.stringify(pieces.at(-1) ?? "").slice(1, -1);
  return { headers, chunks: [whole.slice(0, whole.indexOf("\n\n", whole.indexOf(lastPiece)) + 2)], ending };
}

function saying(text: readonly string[]): Said {
  return {
    choices: [{ reasoning: [], text, calls: [], finish: "stop" }],
    inputTokens: 11,
    outputTokens: 7,
    turns: [0],
  };
}

function inChunks(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

/** The text that a client reads, whatever the dialect and whether it came as a stream. */
export function textIn({ body }: Asked): string {
  const bodies = body.startsWith("{")
    ? [JSON.parse(body) as Body]
    : body.split("\n").flatMap((line) => (line.startsWith("data: {") ? [JSON.parse(line.slice(6)) as Body] : []));
  return bodies.map(saidIn).join("");
}

interface Body {
  readonly choices?: readonly { readonly message?: Message; readonly delta?: Message }[];
  readonly content?: readonly { readonly text?: string }[];
  readonly delta?: { readonly text?: string } | string;
  readonly output?: readonly { readonly content?: readonly { readonly text?: string; readonly refusal?: string }[] }[];
}

interface Message {
  readonly content?: string | null;
  readonly refusal?: string | null;
}

function saidIn({ choices = [], content = [], output = [], delta }: Body): string {
  const messages = choices.map(({ message, delta: piece }) => message ?? piece ?? {});
  const texts = messages.map(({ content: text, refusal }) => `${text ?? ""}${refusal ?? ""}`);
  const parts = [...content, ...output.flatMap(({ content: inner = [] }) => inner)];
  const whole = parts.map((part) => part.text ?? ("refusal" in part ? String(part.refusal) : ""));
  return [...texts, ...whole, typeof delta === "string" ? delta : (delta?.text ?? "")].join("");
}

/** The verdict, from the header or from the last comment of a stream. */
export function verdictOf({ headers, body }: Asked): string | undefined {
  const comment = /^: proctor (\{.*\})$/m.exec(body)?.[1];
  const { verdict } = comment === undefined ? { verdict: undefined } : (JSON.parse(comment) as { verdict?: string });
  return headers.get("x-proctor-verdict") ?? verdict;
}

/** The trace must tell what the client was told. */
export async function rootOf({ gateway }: Guarded, { headers }: Asked) {
  const spans = await gateway.spansOf(headers.get("x-proctor-trace-id") ?? "");
  const root = spans.find(({ parentId }) => parentId === "");
  expect(root).toBeDefined();
  return { root: root?.attributes ?? {}, spans };
}
