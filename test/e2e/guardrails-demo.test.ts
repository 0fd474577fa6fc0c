import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { exitCode } from "../../cli/context.ts";
import { commandFolder } from "../support/command-folder.ts";
import { startFakeVendor } from "../support/fake-vendor.ts";
import { repositoryRoot } from "../support/repository.ts";

const examples = join(repositoryRoot, "examples");

describe("the demonstration of the guardrails", () => {
  test("shows what the official clients see of every action, and ends with the store's answers", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(examples, "guardrails.ts")]);
    const [played = "", rejected = "", watched = "", report = ""] = stdout.split(/^\$ npx proctor .*$/m);
    const seen = exchangesIn(played);
    expect(seen.map(({ title, client }) => `${title} ${client}`)).toEqual(expected.map(([title]) => title));
    for (const [title, said, beside] of expected) {
      const exchange = seen.find((each) => `${each.title} ${each.client}` === title);
      expect(exchange).toEqual({
        ...exchange,
        said: expect.stringMatching(said),
        beside: expect.stringMatching(new RegExp(`${beside.source}.* trace [0-9a-f]{32}$`)),
      });
    }
    const said = seen.map((exchange) => exchange.said).join("\n");
    expect(said).not.toMatch(/ada@example|555-0143|I promise|Atlantis/);
    expect(said).not.toContain("proctor {");
    expect(stdout).toContain("traces --failed refund_policy");
    for (const traceId of traceIdsOf(seen, /^block|refused$/)) expect(rejected).toContain(traceId);
    expect(rejected).toContain("not met: promise");
    for (const traceId of traceIdsOf(seen, /^observe$/)) expect(watched).toContain(traceId);
    expect(report).toContain("prompt_injection");
  }, 180_000);

  test("runs a configuration that doctor finds nothing wrong with", async () => {
    const vendor = await startFakeVendor(() => ({ chunks: ['{"object":"list","data":[]}'] }));
    const folder = commandFolder();
    try {
      const { code, out, errors } = await folder.run(
        ["doctor", "--config", join(examples, "guardrails.yaml"), "--json"],
        {
          environment: { MODELS_URL: `${vendor.url}/v1` },
        },
      );
      expect({ code, errors }).toEqual({ code: exitCode.yes, errors: "" });
      const { guardrails } = JSON.parse(out) as { guardrails: { policy: string; evaluator: string; mode: string }[] };
      expect(guardrails.map(({ policy, evaluator, mode }) => [policy.split("@")[0], evaluator, mode])).toEqual([
        ["handbook", "faithfulness", "hold"],
        ["helpdesk", "faithfulness", "hold"],
        ["records", "prompt_injection", "observe"],
        ["records", "pii", "hold"],
        ["live-chat", "pii", "window"],
        ["agent", "prompt_injection", "hold"],
        ["agent", "tool_call_valid", "hold"],
        ["refunds", "refund_policy", "hold"],
        ["refunds-api", "refund_policy", "hold"],
        ["drafts", "mentions_rivals", "hold"],
      ]);
    } finally {
      folder.remove();
      await vendor.close();
    }
  });
});

const withheld = "This answer was withheld because it did not pass";

/** What each exchange is called, what the code of the application sees, and what stands beside it. */
const expected: readonly (readonly [string, RegExp, RegExp])[] = [
  [
    "block, refuse openai",
    new RegExp(`^finish_reason: content_filter; refusal: ${withheld} "refund_policy"`),
    /^verdict block · refund_policy:fail · refunds@/,
  ],
  ["block, refuse anthropic", new RegExp(`^stop_reason: refusal; text: ${withheld} "refund_policy"`), /^verdict block/],
  ["block, error openai", /^throws UnprocessableEntityError; status: 422; /, /^verdict block · .* · refunds-api@/],
  ["block, error anthropic", /^throws UnprocessableEntityError; status: 422; /, /^verdict block/],
  [
    "redact openai",
    /^finish_reason: stop; content: That is Ada, \[EMAIL_1\], \[PHONE_1\]\. Write to \[EMAIL_1\]\.$/,
    /^verdict redact · pii:fail/,
  ],
  [
    "redact, streamed anthropic",
    /^stop_reason: end_turn; text: That is Ada, \[EMAIL_1\], \[PHONE_1\]/,
    /^verdict redact .* in a comment that the client did not see/,
  ],
  [
    "regenerate anthropic",
    /^stop_reason: end_turn; text: Orders can be returned within 30 days/,
    /^verdict allow · faithfulness:pass .* attempts 2 · student asked 2x/,
  ],
  [
    "regenerate, streamed openai",
    /finish_reason: stop; content: Orders can be returned within 30 days/,
    /^verdict allow .* student asked 2x/,
  ],
  [
    "fallback openai",
    /^finish_reason: stop; content: Orders can be returned/,
    /student asked 1x · answer of local\/teacher/,
  ],
  ["flag anthropic", /^stop_reason: end_turn; text: Globex is not bad/, /^verdict allow .* flagged mentions_rivals/],
  [
    "attack in a tool's result openai",
    /^finish_reason: content_filter; refusal: This request was refused .*"prompt_injection"/,
    /^verdict block .* student asked 0x/,
  ],
  [
    "tool call stopped openai",
    new RegExp(`^0 tool calls; finish_reason: content_filter; refusal: ${withheld} "tool_call_valid"`),
    /^verdict block .* tool_call_valid:fail/,
  ],
  [
    "window, stopped openai",
    new RegExp(
      `finish_reason: content_filter; content: Your order left on Monday\\. It will be with you on Thursday\\.; refusal: ${withheld} "pii"`,
    ),
    /^verdict block · pii:fail .* in a comment/,
  ],
  [
    "window, stopped anthropic",
    new RegExp(
      `^stop_reason: refusal; text: Your order left on Monday\\. It will be with you on Thursday\\. \\| ${withheld} "pii"`,
    ),
    /^verdict block/,
  ],
  [
    "hold, streamed openai",
    /^\d\d chunks; finish_reason: stop; content: You may ask for it\./,
    /^verdict allow · refund_policy:pass .* in a comment/,
  ],
  [
    "hold, streamed, refused anthropic",
    new RegExp(`^stop_reason: refusal; text: ${withheld} "refund_policy"`),
    /^verdict block/,
  ],
  ["observe anthropic", /^stop_reason: end_turn; text: I do not know\.$/, /^verdict allow · pii:pass/],
];

interface Seen {
  readonly title: string;
  readonly client: string;
  readonly said: string;
  readonly beside: string;
}

function exchangesIn(played: string): Seen[] {
  const lines = played.matchAll(/^(\S.*?) +(openai|anthropic) +(.*)\n +(verdict .*)$/gm);
  return [...lines].map(([, title = "", client = "", said = "", beside = ""]) => ({ title, client, said, beside }));
}

function traceIdsOf(seen: readonly Seen[], title: RegExp): string[] {
  return seen.filter((exchange) => title.test(exchange.title)).map(({ beside }) => beside.slice(-32));
}
