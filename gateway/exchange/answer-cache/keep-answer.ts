import { isUtf8 } from "node:buffer";
import type { Examination } from "../../guardrails/examine.ts";
import type { ReplyParts } from "../../wires/wire.ts";
import { type Exchange, type ServableRequest, textOf } from "../exchange.ts";
import { flaggedIn } from "../findings.ts";
import { evaluationsOf } from "../reply-headers.ts";
import type { CachedAnswer } from "./cached-answer.ts";

/** A longer answer is not kept. */
const mostBytes = 1024 * 1024;

/** Gathers what is sent to a client, for as long as it may be kept. */
export interface Keeper {
  add(bytes: Uint8Array): void;
  /**
   * Keeps the answer, in the background: only one that ended, that every examiner that held it let through, and that no
   * examiner that watches found wanting or could not examine.
   */
  keep(reply: ReplyParts, sent: Pick<CachedAnswer, "status" | "contentType"> & { readonly end?: Uint8Array }): void;
}

const nothing: Keeper = { add: () => {}, keep: () => {} };

/** Begins to gather an answer; does nothing where the cache was not asked. */
export function gatherAnswer(exchange: Exchange, request: ServableRequest): Keeper {
  const { cache } = exchange;
  if (!cache) return nothing;
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    add(bytes) {
      length += bytes.length;
      if (length <= mostBytes) chunks.push(bytes);
      else chunks.length = 0;
    },
    keep(reply, { status, contentType, end }) {
      const isWhole = length <= mostBytes && isUtf8(Buffer.concat([...chunks, end ?? new Uint8Array(0)]));
      if (!isWhole || !mayBeKept(exchange, request, reply)) return;
      const texts = { frames: chunks.map(toText), end: end && toText(end) };
      const answer = answerOf(exchange, { status, contentType, ...texts, output: textOf(reply) });
      exchange.runtime.background.start(() => keepWhenObserved(exchange, request, cache.key, answer));
    },
  };
}

/** An answer of a fallback is not what the alias would say tomorrow, and one without an end may be no answer at all. */
function mayBeKept(exchange: Exchange, { alias }: ServableRequest, reply: ReplyParts): boolean {
  const { verdict, target } = exchange;
  const isOwn = target !== undefined && alias.targets.includes(target);
  return verdict === "allow" && isOwn && flaggedIn(exchange).length === 0 && reply.finishReasons.length > 0;
}

async function keepWhenObserved(
  exchange: Exchange,
  { alias }: ServableRequest,
  key: string,
  answer: CachedAnswer,
): Promise<void> {
  const { cache } = alias;
  const observed = exchange.observed ? await exchange.observed : undefined;
  if (!cache || (exchange.observed && !observed) || !isContent(observed)) return;
  await cache.store.set(key, JSON.stringify(answer), cache.ttlMs / 1000);
}

function isContent(observed: Examination | undefined): boolean {
  const outcomes = (observed?.findings ?? []).map(({ evaluation }) => evaluation.outcome);
  return outcomes.every((outcome) => outcome === "pass" || outcome === "skipped" || outcome === "abstained");
}

function answerOf(
  exchange: Exchange,
  sent: Pick<CachedAnswer, "status" | "contentType" | "frames" | "end" | "output">,
): CachedAnswer {
  const { target, call, traceId } = exchange;
  return {
    ...sent,
    keptAt: Date.now(),
    target: target?.label ?? "",
    dropped: [...(call?.dropped ?? [])],
    evaluations: evaluationsOf(exchange),
    traceId,
  };
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}
