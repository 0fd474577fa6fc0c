import { stem } from "../text/stem.ts";
import type { Token } from "../text/token.ts";
import type { Reading } from "./reading.ts";

/** Whether a sentence only speaks about the conversation: a greeting, an offer of help, "the context does not say". */
export function isRemark(text: string, reading: Reading): boolean {
  if (reading.words.length > longestRemark) return false;
  const rest = text.replace(prefix, "");
  if (absent.some((pattern) => pattern.test(rest))) return !continues(rest, reading);
  return polite.some((pattern) => pattern.test(text)) && saysLittle(reading);
}

/** "Here is a summary in 100 words:" speaks of the answer, also with a number. */
export function isAnnouncement(text: string, reading: Reading): boolean {
  return announcement.test(text) && isTitled(reading);
}

/** A question that asks: "Did you know that …?" and "…, right?" tell something. */
export function isQuestion(text: string, { names, tokens }: Reading): boolean {
  if (!/[?？؟]["'”’)\]]*$/u.test(text) || names.length > 1 || rhetorical.test(text)) return false;
  return asking.has(tokens[0]?.lower ?? "") || !tokens.some(isVerb) || tokens.filter(isMatter).length < leastMatter;
}

/** Few words without a verb, as titles are: a sentence does not become one by its place or a colon. */
export function isTitled({ tokens, negated }: Reading): boolean {
  const matter = tokens.filter(isMatter).length;
  return matter < leastMatter || (matter <= longestTitle && negated.size === 0 && !tokens.some(isVerb));
}

/** Longer sentences say more than a greeting or a refusal does. In meaningful words. */
const longestRemark = 14;
const longestTitle = 5;
/** From so many words on that are not about the conversation a sentence may say something of its own. */
const leastMatter = 3;

/** Words about the conversation, which say nothing of the matter. */
const conversation: ReadonlySet<string> = new Set(
  `hello hi hey dear greetings welcome thank thanks good morning afternoon evening day great question questions best kind regards sincerely
  sorry apologies apologize inconvenience confusion understand patience glad happy pleased help helps helpful assist assistance hear feel free let
  know hesitate reach contact contacting touch need want like further additional more other else anything something hope trust useful clear clarify
  clarifies inform informed look forward feedback detail details assistant support team today anytime ask asking chat course sure certainly
  absolutely summary overview list answer response breakdown steps step key main points point highlights brief short quick words
  unfortunately currently really truly very provide give offer find see tell`
    .split(/\s+/u)
    .map((word) => stem(word)),
);

function isMatter(token: Token): boolean {
  return token.content && token.kind === "word" && !conversation.has(token.stem);
}

const verbs = new Set(
  "is are was were be has have had will would can could may might must shall should does do did costs cost gets get".split(
    " ",
  ),
);

function isVerb({ lower }: Token, at: number): boolean {
  return at > 0 && verbs.has(lower);
}

/** Nothing of its own, and nothing denied beside it. */
function saysLittle({ tokens }: Reading): boolean {
  const matter = tokens.filter(isMatter).length;
  return matter === 0 || (matter < leastMatter && !tokens.some(({ negation }) => negation));
}

/** Whether something is said behind a comma or an "and" that is more than the next item of a list. */
function continues(text: string, { tokens }: Reading): boolean {
  const breaks = tokens.filter(({ kind, lower }) => kind === "break" || lower === "and" || lower === "so");
  const first = breaks.find(({ start }) => start > text.indexOf(" "));
  if (!first) return false;
  return tokens.filter(({ start }) => start > first.start).filter(isMatter).length >= leastMatter;
}

const asking = new Set(
  "what which who whom whose when where why how is are was were do does can could would will shall should may might have has wie was wer wo wann warum ist sind haben kann que quel quelle comment pourquoi".split(
    " ",
  ),
);
const rhetorical =
  /^(?:did|do) you know\b|^(?:have you heard|guess what|who knew)\b|\b(?:right|correct|no|ok|okay|is(?:n(?:'|’)t| not) it|aren(?:'|’)t they|don(?:'|’)t (?:they|you|we))\?/iu;

const announcement =
  /^(?:sure[,!.]? |certainly[,!.]? )?(?:here(?:'|’)?s?(?: is| are)?|below is|the following is) (?:an? |the |your |my )?[^.;]{0,40}\b(?:summary|summari[sz]ed|answer|response|overview|list|steps)\b[^.;,]{0,60}:$/iu;

/** What may stand before "there is no information" without adding anything. */
const prefix =
  /^(?:(?:unfortunately|sorry|however|i(?:'|’)m sorry|i apologi[sz]e),?(?: but)? |based on (?:the |this |these )?(?:provided |given |available )?(?:context|documents?|passages?|text|information|sources?)(?: provided| given)?, )+/iu;

/** Each must fit the whole sentence. */
const polite: readonly RegExp[] = [
  /^(?:hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening)|welcome|thanks?(?: you)?|sure(?: thing)?|certainly|of course|absolutely|great(?: question)?|you(?:'|’)re welcome|(?:best|kind) regards|sincerely)\b[^,;:]{0,60}(?:,[^,;:]{0,40})?\P{L}*$/iu,
  /^(?:i(?:'|’)m |i am )?(?:very |so |really |truly )?(?:sorry|glad|happy|pleased)\b(?!.*\b(?:but|because|since|as|however)\b)[^;:]{0,120}$/iu,
  /^(?:please |do |just )*(?:feel free|let (?:me|us) know|don(?:'|’)t hesitate|reach out|contact us)\b(?!.*\b(?:because|since)\b)[^;:]{0,140}$/iu,
  /^(?:if you|should you) (?:have|need|want|would like|require)\b[^.;:]{0,80}\b(?:let (?:me|us) know|feel free|ask|reach out|contact|happy to help|here to help)\b[^;:]{0,60}$/iu,
  /^i (?:hope|trust) (?:this|that|it|you)\b[^;:,]{0,60}$/iu,
  /^(?:here (?:is|are)|below (?:is|are)|the following (?:is|are))\b[^.,;]{0,80}[.:]?$/iu,
];

/** What an answer says that it does not know. */
const absent: readonly RegExp[] = [
  /^(?:i|we) (?:do not|don(?:'|’)t|cannot|can(?:'|’)t|could not|couldn(?:'|’)t|am unable to|am not able to|(?:was|were) unable to) (?:know|answer|determine|say|tell|confirm|verify|help(?: you)?|assist|find|see|have (?:any |enough |sufficient |that |this |the )*(?:information|details?|data|context|access))\b(?!.*\b(?:but|however|although|though|because|since|instead)\b)[^;:]{0,120}$/iu,
  /^(?:the |this |these |that |your |any )?(?:(?:provided|given|available|retrieved|above|supplied)\s)?(?:context|documents?|passages?|texts?|information|articles?|sources?|materials?)(?: (?:provided|given|above|available|i have))? (?:(?:do|does|did)(?: not|n(?:'|’)t) (?:(?:explicitly|specifically|directly|clearly|actually|contain any|give any) )?(?:mention|say|state|specify|provide|contain|include|indicate|give|offer|address|cover|discuss|explain|tell|describe|list|answer|have|show|information|details?)|is silent|are silent|says? nothing|(?:contains?|has|have|offers?|gives?|provides?) no (?:information|mention|details?|data|answer|indication))\b(?!.*\b(?:but|however|although|though)\b)[^;]{0,160}$/iu,
  /^(?:there is|there(?:'|’)s|there was) (?:no|not enough|insufficient) (?:information|mention|detail|details|data|indication)\b(?!.*\b(?:but|however|although|though)\b)[^;]{0,160}$/iu,
  /^(?:it|this|that) is (?:not|nowhere) (?:mentioned|stated|specified|said|clear|given|known)\b(?!.*\b(?:but|however|although|though)\b)[^;]{0,120}$/iu,
  /^(?:unable to answer|no answer|not enough information|insufficient information|i don(?:'|’)t know|unknown)[.!]?$/iu,
];
