/**
 * What of an instruction can demand something of the answer: questions, reports ("my boss said …"), what a program to be
 * written shall do, and texts to work on that stand in quotation marks are left out. The length that a question asks for at
 * its end stays.
 */
export function demandingText(instruction: string): string {
  return sentencesOf(instruction).map(demandOf).join("");
}

/** With the white space behind them. A mark inside of quotation marks ends no sentence. */
function sentencesOf(text: string): string[] {
  return text.split(/(?<=\n)/u).flatMap((line) => {
    const pattern = countOf(line, '"') % 2 === 0 ? quotedSentence : plainSentence;
    return line.match(pattern) ?? [];
  });
}

function countOf(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

/** "He said: "No." Use no commas.": what is quoted may end the sentence that it stands in. */
const quotedSentence =
  /(?:"[^"]*"(?:(?<![.!?]")|(?!\s+\p{Lu}))|[^".!?]|[.!?](?![\s)"']|$))*(?:"[^"]*"|[.!?]+["')]*|$)\s*/gu;
const plainSentence = /(?:[^.!?]|[.!?](?![\s)"']|$))*(?:[.!?]+["')]*|$)\s*/gu;

function demandOf(sentence: string): string {
  const said = sentence.trim();
  if (/\?["')]*$/u.test(said) && asks.some((pattern) => pattern.test(said))) {
    return withSpace(lengthAtEnd(said), sentence);
  }
  if (tells.some((pattern) => pattern.test(said))) return withSpace("", sentence);
  return cuts.reduce(
    (text, { pattern, instead }) =>
      text.replace(pattern, (found: string, lead: string) => `${lead}${instead} ${lengthAtEnd(found)}`),
    sentence,
  );
}

/** Keeps the line break that the sentence ends with. */
function withSpace(text: string, sentence: string): string {
  return `${text}${/\s*$/u.exec(sentence)?.[0] ?? ""}`;
}

const number = "(?:[\\d,]{1,9}|a|one|two|three|four|five|six|seven|eight|nine|ten)";
/** "What is tea, in at most 20 words?" */
const length = new RegExp(
  `\\b(?:in|using|with) (?:(?:at most|at least|exactly|only|just|under|less than|fewer than|no more than|more than|up to|about|around|between|a maximum of|a minimum of) )?${number}(?:(?: (?:to|or|and) |[-–])${number})?(?: single| short)? (?:words?|sentences?|paragraphs?|bullet points?|bullets|lines)(?: or (?:less|fewer|more)| max(?:imum)?| at most| at least)?(?=[?."')]*$)`,
  "iu",
);

/** The length that is demanded at the end of what is left out otherwise. */
function lengthAtEnd(text: string): string {
  const found = length.exec(text.trimEnd())?.[0];
  return found === undefined ? "" : `Answer ${found}.`;
}

const leadIn =
  "^(?:(?:and|but|so|also|now|then|hi|hello|hey|ok|okay|well|please|thanks)\\b[,!]? |[-*•] |\\d{1,2}[.)] )*";
const asks = [
  `${leadIn}(?:how|why|what|what's|which|who|who's|whose|whom|when|where|is|isn't|are|aren't|was|were|does|doesn't|do|don't you|did|should|shouldn't|has|have|had|am|(?:can|could|will|would|may|shall|must) (?!you\\b|u\\b|someone\\b|anyone\\b))\\b`,
  `, (?:but |and |so |or )?(?:is|are|isn't|aren't|does|do|right|correct|true|why|how|what)\\b[^,?]*\\?["')]*$`,
].map((source) => new RegExp(source, "iu"));

const thing =
  "(?:error|message|log|page|website|site|app|file|function|script|code|server|api|endpoint|dataset|data|table|database|column|customer|client|user|teacher|boss|manager|colleague|doctor|friend|document|contract|article|book|sentence|model|prompt|string|line|assignment|task|exercise|rule|input)";
const says =
  "(?:says?|said|tells?|told|wants|wanted|shows?|showed|thinks?|starts|begins|ends|has|had|contains?|returns?|forbids|wrote|asked|asks|prints?|uses|claims|writes|was|were|is in|will send)";
/** Speaks of something else than the answer, or of some answers only. */
const tells = [
  `(?:my|our|his|her|their)(?! (?:answer|response|reply|request|instruction|rule|requirement|final)s?\\b)(?: \\p{L}+){1,3}? ${says}\\b`,
  `(?:the|this|that|one|a|an)(?: \\p{L}+)? ${thing} ${says}\\b`,
  "I (?:once |just |also |have )?(?:read|heard|saw|seen|was|noticed|believe|wrote|written|got|found|know|learned)\\b",
  "(?:a|an|most|some|many|every) \\p{L}+ (?:may|can|has|have|usually|often|always)\\b",
  "here(?:'s| is| are) (?:my|our|the|an?)\\b[^.:\\n]*, ",
  "(?:it|he|she|they) (?:starts?|begins?|ends?|has|have|had|contains?|says?|said|shows?|reads)\\b",
  "(?:customers?|clients?|users?|visitors|students?|employees|applicants|players|guests) (?:must|should|may|can|have|need)\\b",
  "(?:if|when|whenever|unless|in case|once|while|for (?:all |any |every )?(?:questions?|requests?|messages?) (?:about|on|that|which|in))\\b(?! (?:answering|writing|responding|replying|you(?:'re| are) (?:done|finished)|possible|necessary))",
  '[^.!?\\n"]{0,200}\\b(?:if|unless|when) (?:an?|the|there|it|they|he|she|someone|asked|needed|comparing)\\b',
  "(?:assume|imagine|suppose|pretend|let's say|say that)\\b(?! (?:you are|you're|to be|that you are|that you're)\\b)",
  "(?:tell me|say|decide|determine|evaluate|judge|assess|check|verify|find out|see)\\b[^.!?\\n]{0,20}\\b(?:whether|if|that the)\\b",
].map((source) => new RegExp(`${leadIn}${source}`, "iu"));

interface Cut {
  readonly pattern: RegExp;
  readonly instead: string;
}

const made =
  "(?:function|method|script|program|regex|regular expression|pattern|query|class|component|endpoint|macro|formula|command|module|algorithm|test|test case|api|parser|loop|prompt|clause|style guide|game|contest|css rule)";
/** Parts of a sentence that say what something else shall be like. */
const cuts: readonly Cut[] = [
  {
    pattern: /(\btranslate )(?:"[^"]{1,60}"|(?:the )?(?:word|phrase|term|expression)s?\b)[^.,;!?\n]*/giu,
    instead: "it",
  },
  {
    pattern:
      /(\b(?:(?:said|says|wrote|writes|asked|asks|told|replied|rewrite|paraphrase|rephrase|proofread|translate|explain|reword|summari[sz]e|correct|improve|edit|classify|extract|rate)\b[^"\n.!?]{0,40}|(?:prompts?|messages?|instructions?|reviews?|texts?))):? ?"[^"\n]*"/giu,
    instead: " it",
  },
  {
    pattern: new RegExp(
      `(\\b${made}s?(?: in \\w+)?) (?:that|which|to|with|of|so|returns?|prints?|outputs?|whose|where|is|are|has|have|must|should|checks?|matching|containing|returning|finding|using|for|saying)\\b[^.,;!?\\n]*`,
      "giu",
    ),
    instead: "",
  },
  {
    pattern:
      /(\b(?:asking|telling|(?<!without )saying|reminding|instructing|who|whose|in which (?:people|players|everyone|everybody|he|she|they|it)|how (?:to|i|you|we)|why|examples? of|a language) )[^.,;!?\n]*?(?=[.,;!?\n]|$| and (?:add|begin|do|end|finish|give|include|make|put|start|use|write)\b| (?:only using|with exactly|with at)\b)/giu,
    instead: "",
  },
];
