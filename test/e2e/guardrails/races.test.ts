import { describe, expect, test } from "vitest";
import type { VendorReply } from "../../support/fake-vendor.ts";
import { closing } from "../../support/closing.ts";
import { type Dialect, dialects, halfOf, secret, textIn, wholeOf } from "./guarded.ts";
import { attemptsIn, type Judged, type JudgedOptions, newTrace, spansOf, startJudged } from "./judged.ts";

async function start(options: JudgedOptions): Promise<Judged> {
  return closing(await startJudged(options));
}

const bad = `The number is ${secret}, as you know.`;
const opening = "The first sentence says nothing. The second one is longer and says nothing either. ";

/** Asks, and leaves once `when` resolves. */
async function leave(guarded: Judged, body: object, when: () => Promise<unknown>) {
  const { trace, headers } = newTrace();
  const leaving = new AbortController();
  const heard = guarded
    .post({ ...body }, { headers, signal: leaving.signal })
    .then((reply) => reply.text())
    .catch(() => "left");
  await when();
  leaving.abort();
  expect(await heard).toBe("left");
  return { ...(await spansOf(guarded, trace)), errors: guarded.gateway.errors };
}

const expectLeft = ({ root, errors }: Pick<Awaited<ReturnType<typeof leave>>, "root" | "errors">): void => {
  expect(root["error.type"]).toBe("client_closed");
  expect(root).not.toHaveProperty("proctor.verdict");
  expect(errors).toEqual([]);
};

describe.each(dialects)("a client that leaves (%s)", (dialect) => {
  const pii = [{ evaluator: "pii", mode: "hold", on_fail: "regenerate", attempts: 3 }];

  test("while its stream is held ends the model's answer at once, and no judge is asked", async () => {
    const guarded = await start({ dialect, answer: () => halfOf(dialect, opening) });
    const left = await leave(guarded, { stream: true }, () =>
      expect.poll(() => guarded.student.requests.length).toBe(1),
    );
    await guarded.student.left;
    expectLeft(left);
    expect(attemptsIn(left.spans)).toEqual(["failed"]);
    expect(guarded.judge.requests).toEqual([]);
  });

  test.each([false, true])("while the judge is asked ends the judge's call (stream: %s)", async (stream) => {
    const guarded = await start({
      dialect,
      answer: () => "Fine.",
      judging: () => ({ chunks: [], ending: "hang" }),
    });
    const left = await leave(guarded, { stream }, () => expect.poll(() => guarded.judge.requests.length).toBe(1));
    await guarded.judge.left;
    expectLeft(left);
    expect(attemptsIn(left.spans)).toEqual(["failed"]);
    const evaluated = left.spans.find(({ name }) => name === "evaluate policy")?.attributes;
    expect(evaluated?.["proctor.eval.outcome"]).toBe("error");
  });

  test.each([false, true])("while another answer is made ends that answer (stream: %s)", async (stream) => {
    const guarded = await start({
      dialect,
      answer: (_request, count) =>
        count === 1 ? bad : { ...halfOf(dialect, opening), ...(stream ? {} : { headers: {} }) },
      output: pii,
    });
    const left = await leave(guarded, { stream }, () => expect.poll(() => guarded.student.requests.length).toBe(2));
    await guarded.student.left;
    expectLeft(left);
    expect(attemptsIn(left.spans)).toEqual(["rejected", "failed"]);
    expect(guarded.judge.requests).toEqual([]);
  });
});

describe.each(dialects)("a stream in windows (%s)", (dialect) => {
  const windowed = (answer: VendorReply): JudgedOptions => ({
    dialect,
    answer: () => answer,
    output: [{ evaluator: "pii", mode: "window" }],
    guardrail: { mode: "observe" },
  });

  test("whose client leaves in the middle ends at once and without a verdict", async () => {
    const guarded = await start(windowed(halfOf(dialect, opening)));
    const { trace, headers } = newTrace();
    const leaving = new AbortController();
    const reply = await guarded.post({ stream: true }, { headers, signal: leaving.signal });
    const first = await reply.body?.getReader().read();
    expect(Buffer.from(first?.value ?? []).toString()).not.toBe("");
    leaving.abort();
    await guarded.student.left;
    const left = await spansOf(guarded, trace);
    expectLeft({ ...left, errors: guarded.gateway.errors });
    expect(attemptsIn(left.spans)).toEqual(["failed"]);
    expect(guarded.judge.requests).toEqual([]);
  });

  test("whose model dies in the middle ends with an error and never as if it were whole", async () => {
    const guarded = await start(windowed(halfOf(dialect, opening, "reset")));
    const { trace, headers } = newTrace();
    const asked = await guarded.ask({ stream: true }, headers);
    expect(asked.status).toBe(200);
    expectBroken(dialect, asked.body);
    const { root, spans } = await spansOf(guarded, trace);
    expect(root["error.type"]).toBe("stream_broken");
    expect(root).not.toHaveProperty("proctor.verdict");
    expect(attemptsIn(spans)).toEqual(["failed"]);
  });
});

const lastEvents: Readonly<Record<Dialect, RegExp>> = {
  chat: /^data: \{"error":.*"code":"stream_broken"/,
  messages: /^event: error\ndata: \{"type":"error","error":/,
  responses: /^event: (?:response\.failed|error)\ndata: \{/,
};

/** An error in the words of the dialect, and none of the dialect's ends of a whole answer. */
function expectBroken(dialect: Dialect, body: string): void {
  expect(body.trimEnd().split("\n\n").at(-1)).toMatch(lastEvents[dialect]);
  expect(body).not.toMatch(/\[DONE\]|message_stop|response\.completed/);
}

describe.each(dialects)("a model that dies (%s)", (dialect) => {
  test.each([false, true])("while its answer is held is an error with a status (stream: %s)", async (stream) => {
    const dying = halfOf(dialect, opening, "reset");
    const answer: VendorReply = stream ? dying : { chunks: ['{"id":'], ending: "reset" };
    const guarded = await start({ dialect, answer: () => answer });
    const { trace, headers } = newTrace();
    const asked = await guarded.ask({ stream }, headers);
    expect(asked.status).toBe(502);
    expect(asked.body).not.toContain("sentence");
    expect(asked.headers.has("x-proctor-verdict")).toBe(false);
    const { root, spans } = await spansOf(guarded, trace);
    expect(root["error.type"]).toBe("stream_broken");
    expect(attemptsIn(spans)).toEqual(["failed"]);
    expect(guarded.judge.requests).toEqual([]);
  });

  test.each([false, true])("in its second attempt leads to what follows in the chain (stream: %s)", async (stream) => {
    const dying: VendorReply = stream ? halfOf(dialect, opening, "reset") : { chunks: ['{"id":'], ending: "reset" };
    const guarded = await start({
      dialect,
      answer: (_request, count) => (count === 1 ? bad : dying),
      output: [{ evaluator: "pii", mode: "hold", on_fail: "regenerate", then: "fallback", fallback: "teacher" }],
    });
    const { trace, headers } = newTrace();
    const asked = await guarded.ask({ stream }, headers);
    expect(textIn(asked)).toContain("teacher's answer");
    expect(asked.body).not.toContain(secret);
    expect(asked.headers.get("x-proctor-verdict")).toBe("allow");
    const { root, spans } = await spansOf(guarded, trace);
    expect(root).not.toHaveProperty("error.type");
    expect(attemptsIn(spans)).toEqual(["rejected", "failed", "accepted"]);
  });
});

describe("two clients whose answers are made again at once", () => {
  test("hear their own answers, and neither critique nor spans are mixed", async () => {
    const guarded = await start({
      answer: ({ json }) => {
        const messages = json["messages"] as { content: string }[];
        const [{ content: name } = { content: "" }] = messages;
        const text = messages.length === 1 ? `${name}: ${secret}` : `${name}: nothing of the kind.`;
        return { ...wholeOf("chat", text), delayMs: 40 };
      },
      output: [{ evaluator: "pii", mode: "hold", on_fail: "regenerate" }],
    });
    const ask = async (name: string) => {
      const { trace, headers } = newTrace();
      const asked = await guarded.ask({ messages: [{ role: "user", content: name }] }, headers);
      return { asked, spans: (await spansOf(guarded, trace)).spans };
    };
    const names = ["Ada", "Grace", "Edsger", "Barbara"];
    const all = await Promise.all(names.map(ask));
    for (const [at, { asked, spans }] of all.entries()) {
      const name = names[at] ?? "";
      expect(JSON.parse(asked.body)).toMatchObject({
        choices: [{ message: { content: `${name}: nothing of the kind.` } }],
      });
      expect(asked.headers.get("x-proctor-attempts")).toBe("2");
      expect(attemptsIn(spans)).toEqual(["rejected", "accepted"]);
      const said = JSON.stringify(spans.map(({ attributes }) => attributes));
      for (const other of names) expect(said.includes(other)).toBe(other === name);
    }
    const retorts = guarded.student.requests.filter(({ text }) => text.includes("not accepted"));
    expect(retorts).toHaveLength(4);
    for (const { text } of retorts) expect(names.filter((name) => text.includes(name))).toHaveLength(1);
  });
});

test("a stream that is longer than what is held and withheld has its spans all the same, and its model is left", async () => {
  const guarded = await start({
    answer: () => ({ ...halfOf("chat", opening.repeat(9)) }),
    group: { hold: { max_bytes: 2000, on_exceed: "block" } },
  });
  const { trace, headers } = newTrace();
  const asked = await guarded.ask({ stream: true }, headers);
  expect(asked.headers.get("x-proctor-verdict")).toBe("block");
  await guarded.student.left;
  const { spans } = await spansOf(guarded, trace);
  expect(attemptsIn(spans)).toEqual(["rejected"]);
  expect(spans.map(({ name }) => name)).toContain("chat student");
});
