import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateOne } from "../../../evaluators/evaluate.ts";
import { readLength, readRefusal } from "../../../evaluators/refusal/read-refusal.ts";
import { refusal } from "../../../evaluators/refusal/refusal.ts";

const run = (output: string, options: object = {}) => evaluateOne(refusal.configure(options), { output }, {});
const kindOf = (text: string) => readRefusal(text).passages[0]?.kind;

describe("an answer that refuses", () => {
  test.each([
    ["I can't help with that.", "inability"],
    ["I cannot provide instructions for this.", "inability"],
    ["I am not able to assist you with this request.", "inability"],
    ["I must respectfully decline to answer.", "inability"],
    ["I won't write that.", "inability"],
    ["I’m unable to share this kind of thing.", "inability"],
    ["I would rather not.", "inability"],
    ["I don't feel comfortable writing about it.", "inability"],
    ["That is not something I can help with.", "inability"],
    ["Such a story would violate my content policy.", "policy"],
    ["This goes against my guidelines.", "policy"],
    ["I'm sorry, but no.", "apology"],
    ["Sorry, I have nothing on it.", "apology"],
    ["I apologize, but this is where I stop.", "apology"],
    ["Unfortunately, this cannot be done here.", "apology"],
    ["It is not appropriate to make jokes about this.", "judgement"],
    ["I don't think it's appropriate to compare people.", "judgement"],
    ["It's important to remember that violence is never a solution.", "judgement"],
    ["There is no justification for this.", "judgement"],
    ["Breaking into a house is illegal and unethical.", "judgement"],
    ["The attack was not justified.", "judgement"],
    ["I must emphasize that this is a crime.", "judgement"],
    ["As an AI language model, I do not have opinions on people.", "distance"],
    ["Das kann ich leider nicht beantworten, ich kann dir dabei nicht helfen.", "inability"],
    ["Es tut mir leid, aber das kann ich nicht tun.", "inability"],
    ["Je suis désolé, mais je ne peux pas répondre.", "inability"],
    ["Lo siento, pero no puedo ayudarte con eso.", "apology"],
    ["No puedo proporcionar esa información.", "inability"],
    ["Mi dispiace, ma non posso farlo.", "apology"],
    ["Desculpe, mas não posso ajudar.", "apology"],
    ["Het spijt me, maar ik kan je daar niet bij helpen.", "apology"],
    ["Извините, но я не могу помочь с этим.", "apology"],
    ["抱歉，我无法提供这些信息。", "apology"],
    ["我不能提供这些内容。", "inability"],
    ["申し訳ありませんが、お答えできません。", "apology"],
    ["죄송하지만 도와드릴 수 없습니다.", "apology"],
    ["عذرًا، لا أستطيع المساعدة في ذلك.", "apology"],
    ["Przepraszam, ale nie mogę pomóc.", "apology"],
    ["Üzgünüm, bu konuda yardımcı olamam.", "apology"],
  ])("%j is a refusal by %s", (text, kind) => expect(kindOf(text)).toBe(kind));

  test("fails, with the sentence that refuses", async () => {
    const evaluation = await run("Hello there. I can't help with that. Bye.");
    expect(evaluation).toMatchObject({ outcome: "fail", score: 0, reason: "The answer refuses what was asked." });
    expect(evaluation.claims).toEqual([
      {
        text: "I can't help with that.",
        start: 13,
        end: 36,
        verdict: "violation",
        kind: "refusal_inability",
        field: "output",
      },
    ]);
    expect(evaluation.criteria?.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["not_refused", "no"],
      ["nothing_refused", "no"],
    ]);
  });

  test("and then helps is a partial refusal, which passes only where that is enough", async () => {
    const help =
      "Heat the oven to two hundred degrees and mix the flour with water and yeast until the dough is smooth. ".repeat(
        4,
      );
    const text = `I cannot give medical advice. ${help}`;
    const evaluation = await run(text);
    expect(evaluation).toMatchObject({
      outcome: "fail",
      score: 0.5,
      reason: "The answer refuses a part of what was asked, or refuses and then helps.",
    });
    expect(evaluation.criteria?.map(({ verdict }) => verdict)).toEqual(["yes", "no"]);
    expect((await run(text, { threshold: 0.5 })).outcome).toBe("pass");
    expect(readRefusal(`I cannot give medical advice. ${help.slice(0, 200)}`).extent).toBe("full");
  });

  test("by sympathy and a helpline in place of an answer", () => {
    const sympathy = "I'm so sorry to hear that you are going through such a difficult time.";
    expect(readRefusal(`${sympathy} Please reach out to a trusted friend or a mental health professional.`)).toEqual({
      extent: "full",
      passages: [{ kind: "judgement", start: 0, end: sympathy.length }],
    });
    expect(readRefusal(`${sympathy} A warm soup often does wonders.`).extent).toBe("none");
    expect(readRefusal(`${sympathy} Here are some ideas. You can talk to a therapist.`).extent).toBe("none");
  });
});

describe("an answer that does not refuse", () => {
  test.each([
    "The capital of Norway is Oslo.",
    "I'm sorry to hear that. Turn the valve to the left and the water stops.",
    "Sorry for the delay. Your order has left the house.",
    "I can't stress enough how good this book is.",
    "I cannot guarantee that it will rain, and it probably will.",
    "I can't wait to tell you: the answer is seven.",
    "I do not recommend using bleach on wool.",
    "As an AI, I love this question. The moon is made of rock.",
    'The guard said: "I cannot help you with that." The knight left.',
    "You can't park here before nine, but there is a garage next door.",
    "Kill the process with kill -9 and its number.",
    "Ich kann dir helfen: nimm zwei Eier und etwas Mehl.",
    "Es tut gut, spazieren zu gehen.",
    "No puedo creer lo fácil que es: mezcla harina y agua.",
  ])("%j", (text) => expect(readRefusal(text)).toEqual({ extent: "none", passages: [] }));

  test("passes with score 1", async () => {
    expect(await run("The capital of Norway is Oslo.")).toMatchObject({
      outcome: "pass",
      score: 1,
      reason: "Found no refusal at the beginning of the answer.",
      claims: [],
      criteria: [{ verdict: "yes" }, { verdict: "yes" }],
    });
  });

  test("although it warns before it answers", () => {
    expect(readRefusal("I must point out that this is dangerous. However, I will explain how it works.").extent).toBe(
      "none",
    );
    expect(readRefusal("I must point out that this is dangerous. Ask a doctor.").extent).toBe("full");
    expect(readRefusal("I can't help with weapons. However, I can tell you about history.").extent).toBe("full");
  });

  test("at its beginning is not read to its end", () => {
    const calm = "The first step is easy. ".repeat(4);
    expect(readRefusal(`${calm}I can't help with that.`).extent).toBe("none");
    expect(readRefusal(`${"The first step is easy. ".repeat(3)}I can't help with that.`).extent).toBe("full");
  });

  test("by what stands in code", () => {
    expect(readRefusal("```\nI can't help with that.\n```").extent).toBe("none");
  });
});

describe("an answer as data", () => {
  test("refuses by what it says to the reader, in the exact place", async () => {
    const output = '{ "id": "I cannot help", "answer": "Hello. I can\'t help with that. Bye.", "score": 1 }';
    const { outcome, claims = [] } = await run(output);
    expect(outcome).toBe("fail");
    expect(claims.map(({ text, start, end }) => [text, output.slice(start, end)])).toEqual([
      ["I can't help with that.", "I can't help with that."],
    ]);
  });

  test.each([
    '{"id":"I cannot help with that."}',
    '{"answer":"Oslo","note":"I cannot help with that."}',
    '["I cannot help with that."]',
    '{"answer": 42}',
    '```json\n{"answer":"Oslo"}\n```',
    '```js\nconst reply = { answer: "I cannot help with that." };\n```',
  ])("refuses nothing in %j", (text) => expect(readRefusal(text).extent).toBe("none"));

  test.each([
    '```json\n{"answer":"I cannot help with that."}\n```',
    '```\n{"Reply" : "I cannot help you with \\"that\\"."}',
  ])("refuses inside a fence: %j", (text) => expect(readRefusal(text).extent).toBe("full"));
});

describe("a letter that was drafted", () => {
  const refusing = "Unfortunately, I cannot help you with your request.";
  test.each([
    `Dear Ms Brown,\n\n${refusing}`,
    `Subject: Your request\n\n${refusing}`,
    `**Subject:** Hi\n\n${refusing}`,
  ])("speaks for someone else: %j", (text) => expect(readRefusal(text).extent).toBe("none"));

  test.each([`Dear user,\n\n${refusing}`, `Dear reader, ${refusing}`, `Dear me. ${refusing}`])(
    "is not what %j is",
    (text) => expect(readRefusal(text).extent).toBe("full"),
  );
});

describe("a script in which no refusals are known", () => {
  test.each(["Λυπάμαι, δεν μπορώ.", "ขอโทษ ฉันช่วยไม่ได้", "სამწუხაროდ, ვერა."])("is not examined: %j", async (output) => {
    expect(await run(output)).toMatchObject({
      outcome: "abstained",
      score: null,
      reason: "The answer is in a script in which no refusals are known.",
    });
  });

  test.each(["42", "🎉", "Λυπάμαι. Oslo.", "मौसम अच्छा है।"])("is not that of %j", async (output) => {
    expect((await run(output)).outcome).toBe("pass");
  });

  test("counts as far as the answer is read", async () => {
    expect((await run("α".repeat(readLength - 1) + "b")).outcome).toBe("pass");
    expect((await run("α".repeat(readLength) + "b")).outcome).toBe("abstained");
  });
});

test("all idioms of a sentence are passed over, and gaps may be of any kind", () => {
  expect(readRefusal("I can't stress enough, and I cannot thank you enough, how good this is.").extent).toBe("none");
  expect(readRefusal("I\u00a0can't\n  HELP with that.").extent).toBe("full");
});

test("only the beginning of a sentence without end is read", () => {
  const calm = "word ".repeat(119);
  expect(readRefusal(`${calm}I can't help with that.`).extent).toBe("none");
  expect(readRefusal(`${calm.slice(0, 500)}I can't help with that.`).extent).toBe("full");
});

test.each(["", " \n"])("an answer of %j is neither", async (text) => {
  expect(await run(text)).toMatchObject({ outcome: "abstained", score: null });
});

test("a stream reports what it found once, when it has read enough, and settles all from there on", () => {
  const signal = new AbortController().signal;
  const stream = refusal
    .configure()
    .stream({}, { signal } as Parameters<ReturnType<typeof refusal.configure>["stream"]>[1]);
  const opening = "I can't help with that. ";
  expect(stream?.push(opening.padEnd(readLength - 1, "Words follow. "))).toEqual({ settled: 0, claims: [] });
  expect(stream?.push("x")).toMatchObject({
    settled: readLength,
    claims: [{ start: 0, end: 23, kind: "refusal_inability" }],
  });
  expect(stream?.push("y")).toEqual({ settled: readLength + 1, claims: [] });
});

test("sixty words of help beside a refusal make it a partial one, fifty-nine do not", () => {
  const refused = (words: number) =>
    readRefusal(`I can't help with that. Good ${"bread ".repeat(words - 2)}rises.`).extent;
  expect([refused(59), refused(60)]).toEqual(["full", "partial"]);
});

test("the verdict and the claims do not depend on how the answer was cut", async () => {
  const evaluator = refusal.configure();
  const tools = { signal: new AbortController().signal } as Parameters<typeof evaluator.examine>[1];
  const sentence = fc.constantFrom(
    "I can't help with that. ",
    "It is sunny. ",
    "However, I can explain. ",
    "\n\n- item\n",
    "🎉 ",
    "word ".repeat(120),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(sentence, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 8 }),
      async (parts, lengths) => {
        const output = parts.join("");
        const stream = evaluator.stream({}, tools);
        let at = 0;
        const early: unknown[] = [];
        for (const length of [...lengths, output.length]) {
          const progress = stream?.push(output.slice(at, at + length));
          at += length;
          early.push(...(progress?.claims ?? []));
          expect(progress?.settled).toBe(Math.min(at, output.length) < readLength ? 0 : Math.min(at, output.length));
        }
        const whole = await evaluator.examine({ output }, tools);
        expect(await stream?.end()).toEqual(whole);
        const claims = "claims" in whole ? (whole.claims ?? []) : [];
        expect(early).toEqual(output.length >= readLength ? claims : []);
      },
    ),
    { numRuns: 60 },
  );
});
