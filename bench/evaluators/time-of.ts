import { evaluate } from "../../evaluators/index.ts";
import { median } from "../support/measurement.ts";

// `node bench/evaluators/time-of.ts faithfulness,safety` prints milliseconds: a process of its own, because code that ran before
// changes what the compiler makes of the code that is timed.

const warmUp = 500;
const rounds = 5;
const callsPerRound = 200;

/** The least of the rounds' medians: what disturbs a shared machine only ever adds. */
async function timeOf(names: readonly string[]): Promise<number> {
  for (let call = 0; call < warmUp; call += 1) await once(names, call);
  const medians: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const times: number[] = [];
    for (let call = 0; call < callsPerRound; call += 1) times.push(await once(names, call));
    medians.push(median(times));
  }
  return Math.min(...medians);
}

/** Every call has other numbers; sentences without any come again, as the passages of a deployment do. */
async function once(names: readonly string[], call: number): Promise<number> {
  const sample = sampleFor(call);
  const started = performance.now();
  for (const name of names) await evaluate(name, sample);
  return performance.now() - started;
}

function sampleFor(call: number): object {
  const order = 48_000 + call;
  const facts = [
    `Order ${order} was shipped on 12 March from the warehouse in Leeds and arrives within ${(call % 5) + 2} working days.`,
    `Customers may return most items within ${20 + (call % 30)} days of delivery, unworn and in the original packaging.`,
    `The service desk in Manchester answers on +44 161 496 ${String(call % 10_000).padStart(4, "0")} from 9 am to 6 pm, Monday to Saturday.`,
    `Customers in the United States call (212) 555-${String((call * 7) % 10_000).padStart(4, "0")}, those in Germany 030 901820${call % 100}.`,
    `Express delivery costs £${(call % 9) + 5}.90 and standard delivery is free for orders above £${40 + (call % 20)}.`,
    "A refund reaches the card that was used for the payment three to five working days after the parcel was checked in.",
    "Gift cards, personalised articles and opened cosmetics are excluded from returns for reasons of hygiene.",
  ];
  return {
    input: "When does my order arrive, what does a return cost, and whom can I call? Answer in at most 300 words.",
    system: "You are the assistant of an outdoor shop. Be friendly and brief.",
    output: repeated(facts, 1024),
    context: [repeated(facts.toReversed(), 2048), repeated([...facts.slice(3), ...facts.slice(0, 3)], 2048)],
  };
}

function repeated(sentences: readonly string[], length: number): string {
  const text = sentences.join(" ");
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

console.log(await timeOf((process.argv[2] ?? "").split(",")));
