import { expect } from "vitest";
import { recordedUsage } from "../../support/recorded-vendor/dialect.ts";
import type { Cell } from "./cells.ts";
import { asksForUsage } from "./usage-in.ts";
import { harmlessText } from "./script.ts";
import { type Withheld, withheldIn, type WithholdingScenario } from "./withheld-in.ts";

const found = "Found 1 credit card number.";
const refusal = `This answer was withheld because it did not pass "pii". ${found}`;

/** What the client must have seen where a guardrail withheld the answer: its own words for it, and no word of what is withheld. */
export function expectedWithheld(cell: Cell, scenario: WithholdingScenario): unknown {
  const withheld = withheldIn({ ...cell, scenario });
  if (withheld.kind === "nothing") return { value: null };
  if (withheld.kind === "error") return { error: expect.objectContaining(error(cell, withheld)) };
  const sent = withheld.text.includes("sent") ? harmlessText.length : 0;
  const text = withheld.text.map((part) => (part === "sent" ? harmlessText.join("") : refusal)).join("");
  return {
    text: text === "" && scenario === "refused" && saysNull(cell) ? null : text,
    ...(scenario === "refused" ? {} : { pieces: sent + (withheld.text.includes("refusal") ? 1 : 0) }),
    ...(withheld.hasRefusal ? { refusal } : {}),
    finish: withheld.finish,
    usage: usage(cell, scenario),
  };
}

function saysNull({ client, dialect }: Cell): boolean {
  return client.startsWith("openai") && dialect === "chat";
}

function error({ client, dialect, scenario }: Cell, { name, status, isTold }: Extract<Withheld, { kind: "error" }>) {
  const isRefused = status !== undefined;
  const code = client.startsWith("ai-sdk") && dialect === "messages" && isRefused ? null : "pii";
  return {
    name,
    message: isTold ? expect.stringContaining(found) : expect.not.stringContaining(found),
    ...(scenario === "refused_object" ? {} : { code }),
    ...(isRefused ? { status, type: "guardrail_blocked" } : {}),
  };
}

/** Of a stream that was stopped nobody knows what it would have cost. */
function usage(cell: Cell, scenario: WithholdingScenario): unknown {
  if (scenario !== "refused" && !asksForUsage(cell)) return null;
  const { input, output } = recordedUsage;
  return scenario === "stopped" ? expect.any(Object) : expect.objectContaining({ input, output });
}
