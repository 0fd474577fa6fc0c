import { Agent, request } from "node:http";
import { requestAbout } from "./case-request.ts";
import { longReply } from "./cases.ts";
import { percentile } from "./measurement.ts";

// Long streams side by side, each of them once: when every token left the upstream, when it came, and how long it had to wait
// for its sentence to end. A process of its own. Takes a load as JSON, prints a measurement as JSON.

/** So many streams of so many tokens, begun one after the other. */
export interface CaseStreams {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly streams: number;
  readonly tokens: number;
  readonly firstCase: number;
  /** What each stream must hold as text, such as the comment with the verdict, or it counts as an error. */
  readonly mustHold: readonly string[];
}

/** Milliseconds. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface CaseStreamsMeasurement {
  readonly tokens: number;
  /** Streams without all of their tokens, their end, or what they must hold. */
  readonly errors: number;
  readonly firstError: string | null;
  /** From the upstream's hand to the client's. */
  readonly delay: Spread;
  /** From a token until the next sentence had begun: before that, nobody knows that its own is over. */
  readonly sentence: Spread;
  /** What of the delay is beyond that. */
  readonly beyondSentence: Spread;
  /** What of the delay is beyond the last token of the sentence itself. */
  readonly beyondLastToken: Spread;
}

interface Token {
  readonly delay: number;
  readonly sentence: number;
  readonly lastToken: number;
}

type Times = Map<number, number>;

const load = JSON.parse(process.argv[2] ?? "{}") as CaseStreams;
const agent = new Agent({ keepAlive: true });
const epoch = process.hrtime.bigint();
/** Apart from each other by a part of a sentence. */
const betweenStartsMs = 130;
const results = await Promise.all(Array.from({ length: load.streams }, (_, index) => streamOf(index)));
agent.destroy();
console.log(JSON.stringify(measurementOf(results)));

async function streamOf(
  index: number,
): Promise<{ readonly tokens: readonly Token[]; readonly fault: string | undefined }> {
  await new Promise((done) => setTimeout(done, index * betweenStartsMs));
  const number = load.firstCase + 1000 * index;
  const sent: Times = new Map();
  const came: Times = new Map();
  const fault = await read(number, (stamp, now) => {
    sent.set(stamp.index, stamp.left);
    came.set(stamp.index, now);
  });
  if (fault !== undefined) return { tokens: [], fault };
  const tokens = tokensOf(longReply(number, load.tokens).sentences, sent, came);
  return { tokens, fault: tokens.length === load.tokens ? undefined : `${tokens.length} tokens came.` };
}

interface Stamp {
  readonly index: number;
  readonly left: number;
}

/** Reads one stream and says what was wrong with it. */
function read(number: number, note: (stamp: Stamp, now: number) => void): Promise<string | undefined> {
  const body = requestAbout(number, { stream: true, withContext: true, tokens: load.tokens });
  const headers = { "content-type": "application/json", "content-length": body.length, ...load.headers };
  const target = new URL("/v1/chat/completions", load.url);
  return new Promise((resolve) => {
    const outgoing = request(target, { agent, method: "POST", headers }, (reply) => {
      let open = "";
      let missing = load.mustHold;
      let end = "";
      reply.setEncoding("utf8");
      reply.on("data", (text: string) => {
        const now = sinceEpoch(process.hrtime.bigint());
        const whole = (open + text).lastIndexOf("\n\n") + 2;
        const frames = (open + text).slice(0, whole);
        open = (open + text).slice(whole);
        for (const stamp of stampsIn(frames)) note(stamp, now);
        if (missing.length > 0) missing = missing.filter((each) => !frames.includes(each));
        if (frames !== "") end = frames.slice(-2000);
      });
      reply.on("error", () => {});
      reply.on("close", () => {
        if (reply.statusCode !== 200) resolve(`Status ${reply.statusCode}: ${end}${open}`);
        else if (!end.trimEnd().endsWith("[DONE]")) resolve(`No end: ${end}`);
        else resolve(missing.length === 0 ? undefined : `Without ${missing.join(", ")}: ${end}`);
      });
    });
    outgoing.on("error", (error) => resolve(error.message));
    outgoing.end(body);
  });
}

function stampsIn(text: string): readonly Stamp[] {
  return Array.from(text.matchAll(/"t=(\d+) n=(\d+)"/g), ([, left = "", index = ""]) => ({
    index: Number(index),
    left: sinceEpoch(BigInt(left)),
  }));
}

function sinceEpoch(nanoseconds: bigint): number {
  return Number(nanoseconds - epoch) / 1e6;
}

/** The frame that ends the answer has the number after the last token's. */
function tokensOf(sentences: readonly number[], sent: Times, came: Times): readonly Token[] {
  return sentences.flatMap((sentence, index) => {
    const left = sent.get(index);
    const arrived = came.get(index);
    const last = sentences.lastIndexOf(sentence);
    const lastLeft = sent.get(last);
    const nextLeft = sent.get(last + 1);
    if (left === undefined || arrived === undefined || lastLeft === undefined || nextLeft === undefined) return [];
    return [{ delay: arrived - left, sentence: nextLeft - left, lastToken: lastLeft - left }];
  });
}

function measurementOf(all: readonly Awaited<ReturnType<typeof streamOf>>[]): CaseStreamsMeasurement {
  const tokens = all.flatMap((one) => one.tokens);
  const faults = all.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
  return {
    tokens: tokens.length,
    errors: faults.length,
    firstError: faults[0]?.slice(0, 500) ?? null,
    delay: spreadOf(tokens, ({ delay }) => delay),
    sentence: spreadOf(tokens, ({ sentence }) => sentence),
    beyondSentence: spreadOf(tokens, ({ delay, sentence }) => delay - sentence),
    beyondLastToken: spreadOf(tokens, ({ delay, lastToken }) => delay - lastToken),
  };
}

function spreadOf(tokens: readonly Token[], read: (token: Token) => number): Spread {
  const sorted = Float64Array.from(tokens, read).sort();
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), p99: percentile(sorted, 0.99) };
}
