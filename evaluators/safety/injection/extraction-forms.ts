import { form, type KnownForm } from "./known-form.ts";

const systemText =
  "(?:system (?:prompts?|messages?|instructions?)|(?:initial|original|hidden|secret|internal|pre-?prompt|previous|above|first|starting) (?:prompts?|instructions?|messages?|text)|pre-?prompts?|prompt(?: texts?)?|instructions? (?:above|you (?:were|have been) given|given to you))";
const show =
  "(?:reveal|show|print|output|repeat|display|tell|give|share|dump|expose|leak|write|recite|return|disclose|spell|say|type|translate|summari[sz]e|encode)";
const shows =
  "reveal show print output repeat display tell give share dump expose leak write recite return disclose spell say type translate summarise encode copy".split(
    " ",
  );
const promptWords =
  "system initial original hidden secret internal pre preprompt previous above first starting prompt instruction rules".split(
    " ",
  );

/** Attempts to get at the instructions or a secret. */
export const extractionForms: readonly KnownForm[] = [
  form(
    [shows, ["your", "ur", "thy"], promptWords],
    `\\b${show} (?:[\\w'-]{1,20} ){0,5}?(?:your|ur|thy) (?:(?:full|entire|complete|exact|own|whole|current|very|actual|detailed) ){0,3}${systemText}(?![\\w-])`,
  ),
  form(
    [shows, promptWords],
    `\\b${show} (?:(?:me|us|out|back|all|of|to|exactly|verbatim|what|is|in) ){0,4}(?:the|this|any|all) (?:(?:full|entire|complete|exact|whole|current) ){0,2}(?:system (?:prompts?|messages?|instructions?)|(?:hidden|secret|initial|pre) ?-?prompts?|(?:hidden|initial) (?:instructions|prompt)|instructions? (?:above|you (?:were|have been) given|given to you)|previous (?:prompts?|instructions?))\\b`,
  ),
  form(
    [["what"], ["your", "ur"], promptWords],
    "\\bwhat(?:'s| is| are| was| were| does)? (?:exactly )?(?:your|ur) (?:(?:full|entire|complete|exact|own|actual|current) ){0,2}(?:system (?:prompts?|messages?|instructions?)|(?:initial|original|hidden|secret|internal|previous|first) (?:prompts?|instructions?|messages?)|prompt|instructions)(?= ?[?.!,]| say| verbatim|$)",
  ),
  form(
    [shows, ["above", "before", "preceding", "prior"]],
    "\\b(?:repeat|print|output|recite|copy|write|say|spell|display|show)(?: me| out| back| down)? (?:exactly )?(?:(?:all|every|each|of|the|your|first|last|\\d{1,4}) ){0,4}(?:everything|words?|text|sentences?|contents?|messages?|instructions?|paragraphs?|prompts?|lines?|tokens|all) (?:(?:that|which|is|was|were|are|written|you|i|have|been|given|came|come|directly|right) ){0,4}(?:above|before (?:this|my|the)|preceding|prior to this|previously)\\b",
  ),
  form(
    [["secret", "hidden", "confidential"]],
    "\\b(?:what(?:'s| is| was)|reveal|tell me|show me|give me|print|output|say|disclose|share|spell out|write|repeat) (?:me )?(?:again )?(?:your|the) (?:secret|hidden|confidential) (?:key|code|word|phrase|password|passphrase|token|instructions?|rules?|message)(?= ?[?.!,;:\\n]| you| in\\b| and\\b| that you| to me| so\\b|$)",
  ),
  form(
    [
      ["told", "instructed", "ordered"],
      ["not", "never"],
    ],
    "\\b(?:were you|have you been|you were|you've been) (?:told|instructed|ordered) (?:not to|never to) (?:reveal|tell|say|share|disclose|mention)\\b",
  ),
  form(
    [
      ["password", "access", "secret", "api"],
      ["your", "our"],
    ],
    "\\b(?:what(?:'s| is| was)|reveal|tell me|show me|give me|confirm|disclose|share|spell out|print) (?:with me |me )?(?:what )?(?:your|our system) (?:secret |system )?(?:password|passcode|passphrase|pass phrase|access code|secret key|api key)(?= ?[?.!,;:]| is\\b| phrase\\b| with me\\b| in\\b| to me\\b| again\\b|$)",
  ),
  form(
    [["what"], ["beginning", "start", "top"]],
    "\\bwhat (?:was|is|were) (?:written|said|stated) (?:at|in) the (?:beginning|start|top) of (?:this|the|your) (?:prompt|conversation|instructions?)\\b",
  ),
  form(
    [["tell"], ["your"], promptWords],
    "\\btell me (?:what )?(?:(?:are|is) )?your (?:instructions|prompt|system prompt|rules)\\b",
  ),
];
