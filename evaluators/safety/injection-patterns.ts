export const injectionKinds = [
  "instruction_override",
  "role_takeover",
  "prompt_extraction",
  "delimiter_forgery",
] as const;

export interface InjectionPattern {
  readonly kind: (typeof injectionKinds)[number];
  readonly pattern: RegExp;
}

const drop =
  "(?:ignore|disregard|drop|overlook|forget|override|overwrite|bypass|skip|neglect|dismiss|discard|abandon|do not (?:follow|obey|listen to)|don't (?:follow|obey|listen to)|stop (?:following|obeying)|pay no attention to|no longer (?:follow|obey))";
const filler =
  "(?:(?:all|any|every|each|both|of|the|your|my|our|these|those|this|that|its|other|and|to|completely|just|please|entirely) ){0,5}";
const earlier =
  "(?:previous|previously|prior|preceding|above|above-mentioned|earlier|foregoing|initial|original|former|past|system|preprogrammed|already given)";
const orders =
  "(?:instructions?|prompts?|directions?|directives?|rules?|guidelines?|commands?|context|messages?|orders?|programming|training|tasks?|assignments?|constraints?|restrictions?|statements?|requests?|sentences?|conversations?|texts?|inputs?|information|queries|content|steps|documents)";
const limits =
  "(?:restrictions?|rules?|limits?|limitations?|filters?|filtering|ethics|ethical\\w*|morals?|morality|guidelines?|censorship|safeguards?|constraints?|boundaries|content polic(?:y|ies))";
const unbound = "(?:unrestricted|unfiltered|uncensored|unlimited|unbound|jailbroken|amoral|immoral)";
const systemText =
  "(?:system (?:prompts?|messages?|instructions?)|(?:initial|original|hidden|secret|internal|pre-?prompt|previous|above|first|starting) (?:prompts?|instructions?|messages?|text)|pre-?prompts?|prompt(?: texts?)?|instructions? (?:above|you (?:were|have been) given|given to you))";
const show =
  "(?:reveal|show|print|output|repeat|display|tell|give|share|dump|expose|leak|write|recite|return|disclose|spell|say|type|translate|summari[sz]e|encode)";

function pattern(source: string): RegExp {
  return new RegExp(source.replaceAll(" ?", "[\\s,]{0,4}").replaceAll(" ", "[\\s,]{1,4}"), "giu");
}

/**
 * Ways to make a model leave its instructions. Each names both the act and its object ("ignore" and "previous
 * instructions"), because either alone is ordinary language. Written by hand; spaces match any white space.
 */
export const injectionPatterns: readonly InjectionPattern[] = [
  {
    kind: "instruction_override",
    pattern: pattern(`\\b${drop} ${filler}(?:${earlier} ){1,3}(?:[\\w-]{1,20} ){0,2}?${orders}\\b`),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      `\\b${drop} ${filler}${orders} (?:(?:that|which|you|i|we|have|has|were|was|been|are|is) ){0,4}(?:above|before this|so far|previously|given|told|received|preceding|until now)\\b`,
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      `\\b${drop} (?:all(?: of)? |any(?: of)? )?(?:your|thy) (?:[\\w-]{1,20} ){0,2}?(?:instructions?|guidelines?|rules?|programming|prompts?|directives?|restrictions?|training|safeguards?|filters?|safety|constraints?|orders)\\b`,
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:ignore|disregard|forget) all (?:of )?(?:the |those |these )?(?:instructions|directives|orders|rules and|guidelines and|prompts)\\b",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:ignore|disregard|forget|dismiss|neglect) (?:about )?(?:every ?th?ing|all|anything|what(?:ever)?|the things) (?:else )?(?:(?:that|which|i|we|you|they|was|were|is|are|has|have|had|been|i've|you've|they've|we've|just) ){0,4}(?:above|before(?: this)?|previously|prior|told|said|instructed|written|so far|learned|learnt|know|known|asked|mentioned)\\b",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:forget|ignore) (?:about )?(?:all )?(?:the |your |our )?(?:previous|prior|past|earlier|former) (?:things?|stuff|context|conversations?|questions?|answers?|one|ones)\\b",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:your|here (?:is|are) (?:your|the)) (?:new|updated|real|actual|only) (?:task|tasks|instructions?|orders?|directives?|objective|goal|job|role) (?:is|are|now|begins?|starts?)\\b",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:now )?(?:focus on|follow|execute|obey|comply with|here are) (?:only )?(?:your |the |my |these |some )?(?:new|following new|updated) (?:task|tasks|instructions?|orders?|directives?|commands?|rules)\\b",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:these|the following|my|this) (?:new )?(?:instructions?|rules?|commands?|message|prompt) (?:(?:will|now|shall|must) ){0,2}(?:override|overrides|supersede|supersedes|replace|replaces|take precedence over) (?:all|any|the|your|previous|prior|everything)\\b",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:vergiss|vergessen sie|ignoriere?|ignorieren sie|missachte|missachten sie) (?:[\\p{L}]{1,16} ){0,4}?(?:anweisung\\p{L}*|instruktion\\p{L}*|aufgaben?|vorherig\\p{L}*|bisherig\\p{L}*|davor|zuvor|vorgaben|regeln)",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:ignora|ignore|ignorar|olvida|olvide|descarta|haz caso omiso de|esqueça|esqueca|desconsidere|dimentica|oublie|oubliez|ignorez|ne tiens pas compte d\\p{L}*) (?:[\\p{L}']{1,16} ){0,5}?(?:instrucciones|anteriores|instruções|instrucoes|istruzioni|consignes|instructions précédentes|précédentes|directives précédentes)",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:ignore|disregard) (?:all )?(?:of )?(?:the )?(?:above|preceding|foregoing)(?= ?[.!,;:\\n]| and\\b| ignore\\b| instead\\b| text\\b|$)",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:forget|ignore|disregard) (?:about )?(?:every ?thing|all)(?= ?[.!,;:]? (?:and|write|say|print|just|tell|now|answer|only|instead|listen)\\b)",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\bforget (?:about )?all (?:of )?(?:the |your |these )?(?:assignments|tasks|instructions|orders|information|rules)\\b",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern("\\bignore the [\\w-]{1,20} and (?:state|say|print|output|write|respond|reply|answer)\\b"),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\bleave (?:all )?(?:the |your |these )?(?:previous|prior|earlier) (?:[\\w-]{1,20} ){1,2}behind\\b",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:change|replace|rewrite|update|modify) your (?:system )?(?:instructions|prompt|rules|programming|guidelines) (?:to|with|so|as|and)\\b",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:now )?(?:further|new) (?:tasks|instructions|orders) (?:now )?(?:follow|are following|are followed|will follow|are coming)\\b",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:vergiss|vergesst|ignoriere?) (?:[\\p{L}]{1,16} ){0,3}?(?:alles|befehle|aufträge|anweisungen|informationen)(?![\\p{L}])",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:nun|jetzt|es) folgen (?:nun |jetzt )?(?:neue|weitere) (?:anweisungen|aufgaben|instruktionen|befehle)",
    ),
  },
  {
    kind: "instruction_override",
    pattern: pattern(
      "\\b(?:olvida|olvide|olvidar|oubliez?|esqueça|dimentica) (?:todo|todas?|tout|toutes|tudo|tutto|tutte) (?:[\\p{L}']{1,12} ){0,2}(?:que|lo|instructions|instrucciones|consignes|anterior|ce|sabes|dicho|digo)",
    ),
  },
  {
    kind: "instruction_override",
    pattern:
      /(?:忽略|无视|無視|忘记|忘掉)[^。！？\n]{0,12}(?:指令|指示|提示|规则|規則)|(?:指示|命令|プロンプト)を(?:すべて|全て)?無視|(?:이전|위의|모든)[^.!?\n]{0,8}(?:지시|명령)[^.!?\n]{0,6}무시|(?<!\p{L})(?:игнорир|забуд)\p{L}*\s(?:\p{L}+\s){0,3}?(?:инструкци|указани|команд)\p{L}*|تجاهل[^.!?\n]{0,16}(?:التعليمات|الأوامر)/giu,
  },

  { kind: "role_takeover", pattern: pattern("\\bdo anything now\\b") },
  {
    kind: "role_takeover",
    pattern: pattern(
      `\\byou (?:are|will be|shall be|act as) (?:now |going to be |from now on )?(?:an? |the |my )?(?:[\\w-]{1,20} ){0,3}?(?:${unbound}|evil|rogue) (?:[\\w-]{1,20} ){0,2}?(?:ai|a\\.i\\.|assistant|bot|chat ?bot|model|version|machine|entity|language)\\b`,
    ),
  },
  {
    kind: "role_takeover",
    pattern: pattern(
      `\\b(?:act|behave|respond|answer|reply|pretend|role-?play|speak|operate|simulate|imagine)\\b[^.!?\\n]{0,80}\\b(?:${unbound}|(?:without|with no|free (?:of|from)|has no|have no|had no|not bound by|not have any|ignores?|any lack of) (?:any |all |its |your |usual |the )*(?:[\\w-]{1,20} ){0,2}?${limits}) ?(?:ai|model|bot|assistant|version)?\\b`,
    ),
  },
  {
    kind: "role_takeover",
    pattern: pattern(
      `\\b(?:you are|you're|are) (?:no longer|not|now not|not longer) (?:be )?(?:bound|constrained|limited|restricted|governed|controlled) (?:by|to) (?:[\\w'-]{1,20} ){0,4}?(?:${limits}|polic(?:y|ies)|programming)\\b`,
    ),
  },
  {
    kind: "role_takeover",
    pattern: pattern(
      "\\byou (?:have|possess|follow) no (?:[\\w-]{1,20} ){0,2}?(?:restrictions|limitations|filters|ethical \\w+|moral \\w+|content polic(?:y|ies))\\b",
    ),
  },
  {
    kind: "role_takeover",
    pattern: pattern(
      "\\b(?:you are now in|you're now in|switch(?:ed)? (?:yourself )?(?:in)?to|you will enter|you (?:have )?entered|simulate|act (?:as if|like) you(?:'re| are) in) (?:the )?(?:developer|debug|god|admin|root|sudo|jailbreak|dan|unrestricted|unfiltered|opposite|maintenance) mode\\b",
    ),
  },
  {
    kind: "role_takeover",
    pattern: pattern(
      "\\b(?:developer|god|jailbreak|dan|unrestricted|unfiltered|sudo|evil) mode (?:is )?(?:now )?(?:enabled|activated|engaged|unlocked|active)\\b",
    ),
  },
  {
    kind: "role_takeover",
    pattern: pattern(
      '\\b(?:act|pose|behave|answer|respond|pretend to be|acting|playing) (?:as |like )?(?:the )?"?(?:dan|stan|dude|aim|evil-?bot|jailbot|evil (?:confidant|trusted confidant))"?(?![\\w\'])(?= ?(?:[.,:;!?\\n]|who|which|and|mode|for|from|$))',
    ),
  },
  {
    kind: "role_takeover",
    pattern: pattern(
      "\\b(?:from now on|from this (?:moment|point) on|henceforth) (?:you are|you're|you will (?:act|be|respond|answer|pretend|play|only)|you (?:shall|must) (?:act|be|respond|answer|obey|pretend)|(?:act|respond|answer|behave) as)\\b",
    ),
  },

  {
    kind: "prompt_extraction",
    pattern: pattern(
      `\\b${show} (?:[\\w'-]{1,20} ){0,5}?(?:your|ur|thy) (?:(?:full|entire|complete|exact|own|whole|current|very|actual|detailed) ){0,3}${systemText}(?![\\w-])`,
    ),
  },
  {
    kind: "prompt_extraction",
    pattern: pattern(
      `\\b${show} (?:(?:me|us|out|back|all|of|to|exactly|verbatim|what|is|in) ){0,4}(?:the|this|any|all) (?:(?:full|entire|complete|exact|whole|current) ){0,2}(?:system (?:prompts?|messages?|instructions?)|(?:hidden|secret|initial|pre) ?-?prompts?|(?:hidden|initial) (?:instructions|prompt)|instructions? (?:above|you (?:were|have been) given|given to you)|previous (?:prompts?|instructions?))\\b`,
    ),
  },
  {
    kind: "prompt_extraction",
    pattern: pattern(
      "\\bwhat(?:'s| is| are| was| were| does)? (?:exactly )?(?:your|ur) (?:(?:full|entire|complete|exact|own|actual|current) ){0,2}(?:system (?:prompts?|messages?|instructions?)|(?:initial|original|hidden|secret|internal|previous|first) (?:prompts?|instructions?|messages?)|prompt|instructions)(?= ?[?.!,]| say| verbatim|$)",
    ),
  },
  {
    kind: "prompt_extraction",
    pattern: pattern(
      "\\b(?:repeat|print|output|recite|copy|write|say|spell|display|show)(?: me| out| back| down)? (?:exactly )?(?:(?:all|every|each|of|the|your|first|last|\\d{1,4}) ){0,4}(?:everything|words?|text|sentences?|contents?|messages?|instructions?|paragraphs?|prompts?|lines?|tokens|all) (?:(?:that|which|is|was|were|are|written|you|i|have|been|given|came|come|directly|right) ){0,4}(?:above|before (?:this|my|the)|preceding|prior to this|previously)\\b",
    ),
  },
  {
    kind: "prompt_extraction",
    pattern: pattern(
      "\\b(?:what(?:'s| is| was)|reveal|tell me|show me|give me|print|output|say|disclose|share|spell out|write|repeat) (?:me )?(?:again )?(?:your|the) (?:secret|hidden|confidential) (?:key|code|word|phrase|password|passphrase|token|instructions?|rules?|message)(?= ?[?.!,;:\\n]| you| in\\b| and\\b| that you| to me| so\\b|$)",
    ),
  },
  {
    kind: "prompt_extraction",
    pattern: pattern(
      "\\b(?:were you|have you been|you were|you've been) (?:told|instructed|ordered) (?:not to|never to) (?:reveal|tell|say|share|disclose|mention)\\b",
    ),
  },
  {
    kind: "prompt_extraction",
    pattern: pattern(
      "\\b(?:what(?:'s| is| was)|reveal|tell me|show me|give me|confirm|disclose|share|spell out|print) (?:with me |me )?(?:what )?(?:your|our system) (?:secret |system )?(?:password|passcode|passphrase|pass phrase|access code|secret key|api key)(?= ?[?.!,;:]| is\\b| phrase\\b| with me\\b| in\\b| to me\\b| again\\b|$)",
    ),
  },
  {
    kind: "prompt_extraction",
    pattern: pattern(
      "\\bwhat (?:was|is|were) (?:written|said|stated) (?:at|in) the (?:beginning|start|top) of (?:this|the|your) (?:prompt|conversation|instructions?)\\b",
    ),
  },
  {
    kind: "prompt_extraction",
    pattern: pattern("\\btell me (?:what )?(?:(?:are|is) )?your (?:instructions|prompt|system prompt|rules)\\b"),
  },

  {
    kind: "delimiter_forgery",
    pattern:
      /<\|(?:im_start|im_end|im_sep|system|user|assistant|endoftext|eot_id|begin_of_text|start_header_id|end_header_id|endofprompt)\|>/giu,
  },
  { kind: "delimiter_forgery", pattern: /\[\/?INST\]|<<\/?SYS>>|<(?:start|end)_of_turn>/gu },
  {
    kind: "delimiter_forgery",
    pattern: /<\/?(?:system|system[_-]?prompt|system[_-]?message|developer[_-]?message|system[_-]?instructions?)>/giu,
  },
  {
    kind: "delimiter_forgery",
    pattern:
      /^[ \t#*>[=-]{0,8}(?:system|admin|administrator|developer)[ _-]?(?:prompt|message|override|instructions?|note|command|update|directive)s?[\])]?[ \t*#]{0,4}:/gimu,
  },
  {
    kind: "delimiter_forgery",
    pattern: /^[ \t]{0,4}#{2,4}[ \t]*(?:system|instruction|instructions|assistant|new instructions?)[ \t]*:/gimu,
  },
  {
    kind: "delimiter_forgery",
    pattern:
      /[-=*#<[]{2,10}[ \t]{0,3}(?:end|begin|start|stop) (?:of )?(?:the )?(?:system |user |previous |original )?(?:prompt|instructions?|input|context|message|conversation|data|document)s?[ \t]{0,3}[-=*#>\]]{2,10}/giu,
  },
];
