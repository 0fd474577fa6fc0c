import type { RefusalKind, RefusalPattern } from "./refusal-pattern.ts";

/** What makes a remark on importance a sermon. */
const harm =
  "\\b(?:respect|ethic|moral|legal|illegal|law|harm|hurt|violen|dignity|consent|privacy|discriminat|stereotyp|prejudic|offens|inappropriate|right|responsib|safe|danger|life|lives|human|people|someone|individual|professional|treat|well-?being|crime|criminal|abuse|wrong|sensitiv|accura|factual|fiction|personal|profess|remember|recogni|acknowledg|priorit|promot|consider|understand)";

const openerSources: readonly (readonly [kind: RefusalKind, source: string])[] = [
  [
    "inability",
    "^\\W{0,3}(?:(?:i'm )?(?:sorry|afraid|nope|no|hmm|well),? (?:but |that )?)?(?:i(?:'m| am)? )?(?:not (?:able|allowed|permitted|willing|authori[sz]ed) to|unable to|cannot|can't|not going to|won't|will not) (?:do (?:that|this|it|so)|comply|help|assist|process (?:this|that|your)|\\w{3,14} (?:this|that|your|you|any|such)\\b)",
  ],
  [
    "inability",
    "^\\W{0,3}(?:[^.!?\\n]{1,120}?[,:;] |[^.!?\\n]{1,60}? )?i(?:'m| am) (?:not (?:able|allowed|permitted|authori[sz]ed|willing)|unable) to (?!(?:(?:find|see|detect|spot) (?:any|a)|stop|hide|contain)\\b)\\w{2,}",
  ],
  ["inability", "^\\W{0,3}(?:request|prompt) (?:denied|refused|rejected|declined)(?=\\W{0,3}$)"],
  [
    "inability",
    "^\\W{0,3}(?:sorry,? |no,? |nope,? |but )?i (?:refuse|decline|won't|will not|can't|cannot|would rather not|'d rather not)(?=\\W{0,3}$)",
  ],
  [
    "inability",
    "^\\W{0,3}(?:this is |that is |that's |it's )?not something i(?:'m|'d| am| can| could| do| will| would)\\b",
  ],
  ["inability", "^\\W{0,3}my answer (?:\\w{1,8} ){0,3}?(?:has to|must|will|is going to|'ll) be (?:a )?no\\b"],
  [
    "distance",
    "^\\W{0,3}(?:let(?:'s| us)|can we|could we|shall we|how about we|maybe we (?:can|could)|i(?:'d| would) (?:like|prefer|rather)(?: to)?) (?:please )?(?:talk about|chat about|discuss|speak about|change|switch(?: to)?|move on to) (?:something (?:else|different)|(?:the|a different|another|this) (?:topic|subject)(?! \\w))",
  ],
  [
    "judgement",
    `^\\W{0,3}(?:first(?: and foremost| of all)?,? )?(?:it is|it's) (?:\\w{1,12} )?(?:important|crucial|essential|vital|critical|necessary) (?:to|that|for)\\b(?=[^\\n]{0,400}?${harm})`,
  ],
  [
    "judgement",
    "^\\W{0,3}(?:it is|it's|this is|that is|that's) (?:never|not) (?:\\w{1,14} ){0,2}?(?:appropriate|ethical|legal|acceptable|accurate|okay|ok|right|correct|true|fair|best|advisable|recommended|safe|morally|respectful|productive|a good idea)\\b",
  ],
  [
    "judgement",
    "\\b(?:is|are) (?:\\w{1,12} ){0,2}?(?:illegal|unlawful|unethical|immoral|a (?:serious |violent )?crime|a violation of)(?: and| or|,) (?:\\w{1,12} ){0,3}?(?:unethical|immoral|illegal|wrong|dangerous|harmful|unacceptable|inhumane|should|can|may|never)\\b",
  ],
  [
    "judgement",
    "\\b(?:was|were|is|are) (?:not|never|in no way) (?:\\w{1,12} )?(?:justified|justifiable|excusable|right to|right or|a good (?:thing|idea)|acceptable|appropriate|something that should)\\b",
  ],
  [
    "judgement",
    "^\\W{0,3}there (?:is|are|were|was|can be) (?:simply |absolutely )?(?:no|never any?|not any?) (?:\\w{1,14} )?(?:reasons?|justifications?|benefits?|excuses?|ethical ways?|legal ways?|ways? to|evidence|basis|circumstances?)\\b",
  ],
  [
    "judgement",
    "\\bshould (?:never|not) (?:be )?(?:\\w{1,12} )?(?:attempted|condoned|encouraged|considered|tolerated|denied|discriminated|allowed to return|promoted)\\b",
  ],
  [
    "judgement",
    "^\\W{0,3}(?:please )?(?:do not|don't|never|refrain from|stop) (?:\\w{1,14} ){0,2}?(?:attempt|try|do this|hurt|harm|engage|kill|commit|use (?:violence|drugs))\\b",
  ],
];

/** Patterns that refuse only as the first words of an answer: later they are advice. */
export const openers: readonly RefusalPattern[] = openerSources.map(([kind, source]) => ({
  kind,
  pattern: new RegExp(source),
}));
