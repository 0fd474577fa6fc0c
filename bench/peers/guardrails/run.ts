import { createRequire } from "node:module";
import { createInterface } from "node:readline";

/** What the peer's check takes and gives, as far as it is used. */
interface Check {
  pii(
    context: object,
    text: string,
    config: { entities: readonly string[]; block: boolean; detect_encoded_pii: boolean },
  ): Promise<{ info: { detected_entities: Readonly<Record<string, readonly string[]>> } }>;
}

const { pii } = createRequire(import.meta.url)("@openai/guardrails/dist/checks/pii.js") as Check;
const types = process.argv.slice(2);

for await (const line of createInterface({ input: process.stdin })) {
  const text = JSON.parse(line) as string;
  const spans = await Promise.all(types.map((type) => spansOf(text, type)));
  console.log(JSON.stringify(spans.flat()));
}

/** One type at a time, so that no type hides another. The check names values and no places: a value is looked up in the text. */
async function spansOf(text: string, type: string) {
  if (text === "") return [];
  const { info } = await pii({}, text, { entities: [type], block: false, detect_encoded_pii: false });
  const values = (info.detected_entities[type] ?? []).toSorted((a, b) => b.length - a.length);
  if (values.length === 0) return [];
  const anyValue = new RegExp(values.map(literally).join("|"), "g");
  return [...text.matchAll(anyValue)].map(({ 0: value, index }) => ({ type, start: index, end: index + value.length }));
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
