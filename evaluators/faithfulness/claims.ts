import { type Sentence, splitSentences } from "../text/sentences.ts";
import { type Reading, readSentence } from "./reading.ts";

/** A sentence of the output that says something which the context can support or not. */
export interface StatedClaim extends Sentence {
  readonly reading: Reading;
}

/** The claims of an answer, in order. Greetings, questions, offers of help and "the context does not say" are none. */
export function findClaims(output: string): StatedClaim[] {
  return claimsAmong(splitSentences(output));
}

/** The sentences that say something, each decided by itself. */
export function claimsAmong(sentences: readonly Sentence[]): StatedClaim[] {
  return sentences.map((sentence) => ({ ...sentence, reading: readSentence(sentence.text) })).filter(isClaim);
}

/** Longer sentences say more than a greeting or a refusal does. In meaningful words. */
const longestRemark = 14;

function isClaim({ text, kind, reading }: StatedClaim): boolean {
  const { words, numbers, names } = reading;
  if (words.length === 0 && numbers.length === 0) return false;
  if (announcement.test(text)) return false;
  if (numbers.length > 0) return true;
  if (/[?？؟]["'”’)\]]*$/u.test(text)) return names.length > 1;
  if (isTitle(text, kind)) return false;
  return words.length > longestRemark || !remarks.some((remark) => remark.test(text));
}

/** "Here is a summary in 100 words:" speaks of the answer, also with a number. */
const announcement =
  /^(?:sure[,!.]? |certainly[,!.]? )?(?:here(?:'|’)?s?(?: is| are)?|below is|the following is) (?:an? |the |your |my )?[^.;]{0,40}\b(?:summary|summari[sz]ed|answer|response|overview|list|steps)\b[^.;,]{0,60}:$/iu;

/** A heading, or a line such as "Key points:" that only announces what comes. */
function isTitle(text: string, kind: Sentence["kind"]): boolean {
  return kind === "heading" || /[:：]\**$/u.test(text);
}

/** Sentences about the conversation itself. Each must fit the whole sentence, so that a claim cannot hide behind one. */
const remarks: readonly RegExp[] = [
  /^(?:hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening)|welcome|thanks?(?: you)?|sure(?: thing)?|certainly|of course|absolutely|great(?: question)?|you(?:'|’)re welcome|(?:best|kind) regards|sincerely)\b[^,;:]{0,60}(?:,[^,;:]{0,40})?[.!]*\P{L}*$/iu,
  /^(?:i(?:'|’)m |i am )?(?:very |so |really |truly )?(?:sorry|glad|happy|pleased)\b(?!.*\b(?:but|because|since|as|however)\b)[^;:]{0,120}$/iu,
  /^(?:please |do |just )*(?:feel free|let (?:me|us) know|don(?:'|’)t hesitate|reach out|contact us)\b(?!.*\b(?:because|since)\b)[^;:]{0,140}$/iu,
  /^(?:if you|should you) (?:have|need|want|would like|require)\b[^.;:]{0,80}\b(?:let (?:me|us) know|feel free|ask|reach out|contact|happy to help|here to help)\b[^;:]{0,60}$/iu,
  /^i (?:hope|trust) (?:this|that|it|you)\b[^;:,]{0,60}$/iu,
  /^(?:here (?:is|are)|below (?:is|are)|the following (?:is|are))\b[^.,;]{0,80}[.:]?$/iu,
  /^(?:unfortunately,? |sorry,? (?:but )?|i(?:'|’)m sorry,? (?:but )?|i apologi[sz]e,? (?:but )?)*(?:i|we) (?:do not|don(?:'|’)t|cannot|can(?:'|’)t|could not|couldn(?:'|’)t|am unable to|am not able to|(?:was|were) unable to) (?:know|answer|determine|say|tell|confirm|verify|help(?: you)?|assist|find|see|have (?:any |enough |sufficient |that |this |the )*(?:information|details?|data|context|access))\b(?!.*\b(?:but|however|although|though|because|since|instead)\b)[^;:]{0,120}$/iu,
  /^(?:unfortunately,? |based on [^,]{0,60}, |sorry,? (?:but )?)*(?:the |this |these |that |your |any )?(?:(?:provided|given|available|retrieved|above|supplied)\s)?(?:context|documents?|passages?|texts?|information|articles?|sources?|materials?)(?: (?:provided|given|above|available|i have))? (?:do(?:es)? not|do(?:es)?n(?:'|’)t|did not|didn(?:'|’)t|is silent|are silent|says? nothing|contains? no|has no|have no|offers? no|gives? no|provides? no)\b(?!.*\b(?:but|however|although|though)\b)[^;]{0,160}$/iu,
  /^(?:unfortunately,? |based on [^,]{0,60}, )*(?:there is|there(?:'|’)s|there was) (?:no|not enough|insufficient) (?:information|mention|detail|details|data|indication)\b(?!.*\b(?:but|however|although|though)\b)[^;]{0,160}$/iu,
  /^(?:it|this|that) is (?:not|nowhere) (?:mentioned|stated|specified|said|clear|given|known)\b(?!.*\b(?:but|however|although|though)\b)[^;]{0,120}$/iu,
  /^(?:unable to answer|no answer|not enough information|insufficient information|i don(?:'|’)t know|unknown)\b[^;:,]{0,80}$/iu,
];
