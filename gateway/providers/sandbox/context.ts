import type { SandboxRequest } from "./request.ts";

/** Text between `<context>` or `<document>` tags, whatever their attributes. */
const tagged = /<(context|document)(?:\s[^>]*)?>([\s\S]*?)<\/\1>/gi;

/** The passages that the sandbox answers from: tagged text, documents, search results and tool results. */
export function passagesOf({ system, messages }: SandboxRequest): readonly string[] {
  const texts = [system, ...messages.filter(({ role }) => role === "user").map(({ text }) => text)];
  const fromTags = texts.flatMap((text) => [...text.matchAll(tagged)].map(([, , inside = ""]) => inside));
  return [...fromTags, ...messages.flatMap(({ passages }) => passages)];
}

/** The text without its tagged passages and without the names of behaviours: what was really asked. */
export function withoutPassages(text: string): string {
  return text.replace(tagged, " ").replace(/\bsandbox\/[a-z-]+/g, " ");
}

/** Splits into sentences, word for word. Lines and tags inside a passage are borders, too. */
export function sentencesOf(passages: readonly string[]): readonly string[] {
  const segmenter = new Intl.Segmenter("en-u-ss-standard", { granularity: "sentence" });
  return passages
    .flatMap((passage) => passage.split(/<\/?[a-z_]+(?:\s[^>]*)?>|\r?\n/i))
    .flatMap((line) => [...segmenter.segment(line)].map(({ segment }) => segment.trim()))
    .filter((sentence) => sentence !== "");
}
