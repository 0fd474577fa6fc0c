import { LRUCache } from "lru-cache";
import { fold } from "../fold.ts";
import { decoded, lexemesOf, type Word, wordsOf } from "./lexer.ts";

/** So many words in the same order are taken for the same words. */
export const sequenceLength = 5;

/** What is said everywhere and tells nothing about a system prompt. */
const stock =
  "You are a helpful assistant. You are a helpful, harmless and honest assistant. You are an AI language model. I am an AI language model. Please let me know if you have any other questions. Let me know if there is anything else I can help you with. To the best of your knowledge. At the end of the day. If you have any questions or concerns, please do not hesitate to contact us.";

/** Words by which an instruction to a model is told from knowledge that it may pass on. */
const instructing = new Set(
  "you your yourself you're must never always don't respond answer assistant chatbot bot ai user users customer instructions instruction prompt confidential secret reveal disclose refuse pretend persona role rules du sie ihre musst niemals immer antworte antworten benutzer nutzer vous votre tu ton jamais toujours réponds répondez utilisateur eres usted nunca siempre responde usuario você sempre responda sei devi sempre mai rispondi utente".split(
    " ",
  ),
);
const knowledgeWords = 30;
const fewestWords = 6;
/** Of a short system prompt so much must be repeated. */
const shareOfShort = 0.75;

/** How a system prompt is recognised in another text. */
export interface Signature {
  /** Whether a word stands anywhere in the system prompt: one that does not ends every run. */
  knows(form: string): boolean;
  /** Whether the words are the system prompt's and neither stock nor known from elsewhere. */
  has(words: readonly Word[]): boolean;
  /** Whether a run of so many words, these, is more than chance and more than an answer. */
  isLeak(weight: number, forms: readonly string[]): boolean;
}

/** Null when the system prompt is too short to be told from ordinary language. `known` are the texts that an answer may repeat. */
export function signatureOf(system: string, known: readonly string[], fewest: number): Signature | null {
  const { own, words, weight } = readSystem(system);
  if (own.size === 0 || weight < fewestWords) return null;
  const short = Math.max(fewestWords, Math.ceil(shareOfShort * weight));
  // Most answers repeat nothing, and then what else is known need not be read.
  let elsewhere: ReadonlySet<string> | undefined;
  const isKnown = (key: string) => {
    elsewhere ??= new Set(known.flatMap((text) => sequencesOf(allWords(fold(text).text))));
    return elsewhere.has(key);
  };
  return {
    knows: (form) => words.has(form),
    has(sequence) {
      const key = keyOf(sequence);
      return own.has(key) && !isKnown(key);
    },
    isLeak(length, forms) {
      const least = forms.some((form) => instructing.has(form)) ? fewest : Math.max(fewest, knowledgeWords);
      return length >= Math.min(least, short);
    },
  };
}

interface SystemPrompt {
  readonly own: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly weight: number;
}

/** The same few system prompts stand before many answers. */
const read = new LRUCache<string, SystemPrompt>({ max: 50 });

function readSystem(system: string): SystemPrompt {
  const before = read.get(system);
  if (before) return before;
  const words = allWords(fold(system).text);
  const common = new Set(sequencesOf(allWords(stock)));
  const own = new Set(sequencesOf(words).filter((sequence) => !common.has(sequence)));
  const forms = new Set(words.map(({ form }) => form));
  const result = { own, words: forms, weight: words.reduce((sum, word) => sum + word.weight, 0) };
  read.set(system, result);
  return result;
}

function allWords(text: string): Word[] {
  return lexemesOf(text).flatMap((lexeme) => {
    if ("form" in lexeme) return [lexeme];
    return decoded(lexeme) === null ? wordsOf(lexeme) : [];
  });
}

function sequencesOf(words: readonly Word[]): string[] {
  return words.slice(sequenceLength - 1).map((_word, at) => keyOf(words.slice(at, at + sequenceLength)));
}

function keyOf(words: readonly Word[]): string {
  return words.map(({ form }) => form).join(" ");
}
