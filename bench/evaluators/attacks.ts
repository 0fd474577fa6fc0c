import type { JudgeRequest } from "../../evaluators/judge.ts";

/** A question as the attacked judge sees it, and the answer that would pass. */
export interface Asked {
  readonly request: JudgeRequest;
  readonly nonce: string;
  readonly holder: string;
  /** Entries of the passing answer, by id. */
  readonly entries: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A way to break the protocol. What it says is broken whatever `random` (between 0 and 1) draws. */
export interface Attack {
  readonly name: string;
  answer(asked: Asked, random: () => number): string;
}

type Entries = Record<string, Record<string, unknown>>;

const attack = (name: string, answer: Attack["answer"]): Attack => ({ name, answer });
const pick = <T>(values: readonly T[], random: () => number): T => values[Math.floor(random() * values.length)] as T;
const text = ({ nonce, holder, entries }: Asked) => JSON.stringify({ nonce, [holder]: entries });

/** Changes a copy of the passing answer's entries. */
function altering(name: string, change: (entries: Entries, random: () => number) => unknown): Attack {
  return attack(name, ({ nonce, holder, entries }, random) => {
    const copy = structuredClone(entries) as Entries;
    const changed = change(copy, random);
    return JSON.stringify({ nonce, [holder]: changed === undefined ? copy : changed });
  });
}

/** Changes one verdict of the passing answer. */
function verdicts(name: string, values: readonly unknown[]): Attack {
  return altering(name, (entries, random) => {
    const entry = entries[pick(Object.keys(entries), random)] ?? {};
    entry[
      pick(
        Object.keys(entry).filter((key) => key !== "evidence"),
        random,
      )
    ] = pick(values, random);
  });
}

const words = "yes the answer is fully supported verdict pass score 1.0 all criteria met true good excellent".split(
  " ",
);
const prose = (random: () => number) =>
  Array.from({ length: 3 + Math.floor(random() * 40) }, () => pick(words, random)).join(" ");
const userText = ({ request }: Asked) => request.messages.at(-1)?.content ?? "";

/** Every way in which a judge breaks the protocol; what each says depends on what is drawn. */
export const attacks: readonly Attack[] = [
  attack("prose", (_asked, random) => `${prose(random)}.`),
  attack("prose with the nonce", ({ nonce }, random) => `${prose(random)} ${nonce} ${prose(random)}`),
  attack("a refusal", (_asked, random) =>
    pick(["I'm sorry, I can't help with that.", "I cannot judge this.", "As an AI, I must decline."], random),
  ),
  attack("nothing", (_asked, random) =>
    pick(["", " ", "\n\n", "\u200b", "```\n```", "{}", "[]", "null", "true", "1", '""', "yes"], random),
  ),
  attack("markup", (asked) => `<answer><nonce>${asked.nonce}</nonce><verdict>yes</verdict></answer>`),
  attack(
    "YAML",
    ({ nonce, holder, entries }) =>
      `nonce: ${nonce}\n${holder}:\n${Object.keys(entries)
        .map((id) => `  ${id}: { verdict: yes }`)
        .join("\n")}`,
  ),
  attack("a score", ({ nonce }, random) => JSON.stringify({ nonce, score: random(), pass: true, verdict: "yes" })),
  attack("echo of the sample", (asked) => /^<sample-\w+>\n(.*)$/m.exec(userText(asked))?.[1] ?? ""),
  attack("echo of the question", (asked) => asked.request.messages.map(({ content }) => content).join("\n")),
  attack("echo of the form", (asked) => /\n(\{"nonce":.*\})/.exec(userText(asked))?.[1] ?? ""),
  attack("the candidate's forged verdict", ({ holder, entries }, random) =>
    JSON.stringify({ nonce: pick(["0".repeat(32), "nonce", ""], random), [holder]: entries }),
  ),
  attack("another nonce", (asked, random) => {
    const at = Math.floor(random() * asked.nonce.length);
    const other = asked.nonce[at] === "a" ? "b" : "a";
    return text({ ...asked, nonce: asked.nonce.slice(0, at) + other + asked.nonce.slice(at + 1) });
  }),
  attack("a nonce that is nearly right", (asked, random) => {
    const { nonce } = asked;
    return text({
      ...asked,
      nonce: pick(
        [`${nonce} `, ` ${nonce}`, `${nonce}0`, nonce.slice(1), `<${nonce}>`, `${nonce}\n`, `\u200b${nonce}`],
        random,
      ),
    });
  }),
  attack("the marker as the nonce", (asked) =>
    text({ ...asked, nonce: /<sample-(\w+)>/.exec(userText(asked))?.[1] ?? "" }),
  ),
  attack("no nonce", ({ holder, entries }) => JSON.stringify({ [holder]: entries })),
  attack("the nonce in another place", ({ nonce, holder, entries }, random) =>
    JSON.stringify({ [pick(["Nonce", "id", "nonce "], random)]: nonce, [holder]: entries }),
  ),
  attack("a nonce that is no text", ({ nonce, holder, entries }, random) =>
    JSON.stringify({ nonce: pick<unknown>([[nonce], { nonce }, null, 1, true], random), [holder]: entries }),
  ),
  altering(
    "an entry missing",
    (entries, random) => void Reflect.deleteProperty(entries, pick(Object.keys(entries), random)),
  ),
  altering(
    "an entry more",
    (entries, random) =>
      void (entries[`${pick(Object.keys(entries), random)}${pick(["_2", "x", " ", "\u200b"], random)}`] = {
        evidence: "",
        verdict: "yes",
      }),
  ),
  altering("an entry under another name", (entries, random) => {
    const id = pick(Object.keys(entries), random);
    const { [id]: entry = {}, ...rest } = entries;
    return {
      ...rest,
      [pick([id.toUpperCase(), ` ${id}`, id.replace(/[aeo]/, "\u0430"), `${id}s`, "constructor"], random)]: entry,
    };
  }),
  altering("entries that are none", (_entries, random) =>
    pick<unknown>([null, "yes", [], {}, 1, true, [null], ["yes"]], random),
  ),
  altering("an entry that is none", (entries, random) => ({
    ...entries,
    [pick(Object.keys(entries), random)]: pick<unknown>([null, "yes", true, 1, [], ["yes"]], random),
  })),
  altering("a list with an entry twice", (entries) =>
    Object.entries(entries).flatMap(([id, said]) => [
      { id, ...said },
      { id, ...said },
    ]),
  ),
  altering("a list without names", (entries) => Object.values(entries)),
  altering("a key more", (entries, random) => {
    const id = pick(Object.keys(entries), random);
    return {
      ...entries,
      [id]: { ...entries[id], [pick(["score", "confidence", "reason", "Verdict", "note"], random)]: 1 },
    };
  }),
  attack("a key more at the top", ({ nonce, holder, entries }, random) =>
    JSON.stringify({ nonce, [holder]: entries, [pick(["score", "pass", "verdict", "reasoning"], random)]: 1 }),
  ),
  altering(
    "no evidence",
    (entries, random) => void Reflect.deleteProperty(entries[pick(Object.keys(entries), random)] ?? {}, "evidence"),
  ),
  altering("evidence that is no text", (entries, random) => {
    const id = pick(Object.keys(entries), random);
    return {
      ...entries,
      [id]: { ...entries[id], evidence: pick<unknown>([null, 1, true, [], {}, ["quote"]], random) },
    };
  }),
  verdicts("a verdict in another case", ["Yes", "YES", "yEs", "YeS"]),
  verdicts("a verdict with something around it", [
    " yes",
    "yes ",
    "yes.",
    '"yes"',
    "yes\n",
    "yes, mostly",
    "\u200byes",
    "yes\u0000",
  ]),
  verdicts("a verdict in look-alike letters", [
    "y\u0435s",
    "\u0443es",
    "ye\u0455",
    "\uff59\uff45\uff53",
    "ye\u{1d42c}",
    "y\u0301es",
  ]),
  verdicts("another word for yes", ["pass", "true", "ok", "1", "ja", "oui", "はい", "supported", "y", "correct", "✓"]),
  verdicts("a verdict that is no text", [true, 1, 1e308, -1, 0.99, null, [], ["yes"], {}, { verdict: "yes" }]),
  verdicts("the verdicts of the form", ["yes|no|unsure", "yes|no", "…", ""]),
  attack("no number", (asked, random) =>
    text(asked).replace(/"(?:yes|tie)"/, pick(["NaN", "Infinity", "-Infinity", "undefined", "1e999"], random)),
  ),
  attack("a verdict twice", (asked, random) =>
    text(asked).replace(/"(\w+)":"(?:yes|tie)"/, (all, key: string) =>
      pick(
        [
          `"${key}":"no",${all}`,
          `${all},"${key}":"no"`,
          `${all},${all}`,
          `"${key.slice(0, -1)}\\u${key
            .charCodeAt(key.length - 1)
            .toString(16)
            .padStart(4, "0")}":"no",${all}`,
        ],
        random,
      ),
    ),
  ),
  attack("the nonce twice", (asked) => text(asked).replace("{", `{"nonce":"${"0".repeat(32)}",`)),
  attack("two objects", (asked, random) =>
    [text(asked), text(asked)].join(pick(["", " ", "\n", ",", "\n---\n"], random)),
  ),
  attack("an object in something", (asked, random) =>
    pick(
      [
        `[${text(asked)}]`,
        JSON.stringify(text(asked)),
        `{"answer":${text(asked)}}`,
        `(${text(asked)})`,
        `${text(asked)};`,
        `callback(${text(asked)})`,
      ],
      random,
    ),
  ),
  attack("prose before", (asked, random) => `${prose(random)}: ${text(asked)}`),
  attack("prose after", (asked, random) => `${text(asked)} ${prose(random)}`),
  attack("thinking before", (asked, random) => `<think>${prose(random)}</think>\n${text(asked)}`),
  attack("two fences", (asked) => `\`\`\`json\n${text(asked)}\n\`\`\`\n\`\`\`json\n${text(asked)}\n\`\`\``),
  attack("an open fence", (asked, random) => pick([`\`\`\`json\n${text(asked)}`, `${text(asked)}\n\`\`\``], random)),
  attack("cut off", (asked, random) => text(asked).slice(0, Math.floor(random() * (text(asked).length - 1)))),
  attack(
    "cut off in a fence",
    (asked, random) => `\`\`\`\n${text(asked).slice(0, Math.floor(random() * (text(asked).length - 1)))}\n\`\`\``,
  ),
  attack("the beginning lost", (asked, random) =>
    text(asked).slice(1 + Math.floor(random() * (text(asked).length - 1))),
  ),
  attack(
    "brackets without end",
    ({ nonce }, random) => `{"nonce":"${nonce}","criteria":${"[".repeat(1 + Math.floor(random() * 20_000))}`,
  ),
  attack("more than a judge may write", (asked) =>
    text(asked).replace('"evidence":"', `"evidence":"${"x".repeat(50_000)}`),
  ),
];

/** Answers in perfect form whose evidence is invented: only for questions that need a quotation for a good verdict. */
export const lies: readonly Attack[] = [
  altering("a quotation that is not there", (entries, random) => quoting(entries, `${prose(random)} quoth nobody`)),
  altering("a quotation that says nothing", (entries, random) =>
    quoting(entries, pick(["", " ", "…", ".", "--", '""', "a", "the"], random)),
  ),
  altering("a quotation of the question", (entries) => quoting(entries, "How long can I return a lamp?")),
  altering("a quotation pieced together", (entries) => quoting(entries, "Refunds are possible … of delivery")),
];

function quoting(entries: Entries, evidence: string): Entries {
  return Object.fromEntries(Object.entries(entries).map(([id, said]) => [id, { ...said, evidence }]));
}
