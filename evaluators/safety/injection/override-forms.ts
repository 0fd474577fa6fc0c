import { anyOther } from "./anchors.ts";
import { form, type KnownForm } from "./known-form.ts";
import { orderWords } from "./shared-words.ts";

const drop =
  "(?:ignore|disregard|drop|overlook|forget|override|overwrite|bypass|skip|neglect|dismiss|discard|abandon|do not (?:follow|obey|listen to)|don't (?:follow|obey|listen to)|stop (?:following|obeying)|pay no attention to|no longer (?:follow|obey))";
const filler =
  "(?:(?:all|any|every|each|both|of|the|your|my|our|these|those|this|that|its|other|and|to|completely|just|please|entirely) ){0,5}";
const earlier =
  "(?:previous|previously|prior|preceding|above|above-mentioned|earlier|foregoing|initial|original|former|past|system|preprogrammed|already given)";
const orders =
  "(?:instructions?|prompts?|directions?|directives?|rules?|guidelines?|commands?|context|messages?|orders?|programming|training|tasks?|assignments?|constraints?|restrictions?|statements?|requests?|sentences?|conversations?|texts?|inputs?|information|queries|content|steps|documents)";
const drops =
  "ignore disregard drop overlook forget override overwrite bypass skip neglect dismiss discard abandon follow obey listen attention".split(
    " ",
  );
const ignores = "ignore disregard forget dismiss neglect".split(" ");
const earlierWords =
  "previous prior preceding above earlier foregoing initial original former past system preprogrammed already".split(
    " ",
  );

/** Attempts to set the instructions aside. Each names both the act and its object ("ignore" and "previous instructions"), because either alone is ordinary language. */
export const overrideForms: readonly KnownForm[] = [
  form(
    [drops, earlierWords, orderWords],
    `\\b${drop} ${filler}(?:${earlier} ){1,3}(?:[\\w-]{1,20} ){0,2}?${orders}\\b`,
  ),
  form(
    [drops, orderWords],
    `\\b${drop} ${filler}${orders} (?:(?:that|which|you|i|we|have|has|were|was|been|are|is) ){0,4}(?:above|before this|so far|previously|given|told|received|preceding|until now)\\b`,
  ),
  form(
    [drops, ["your", "thy"]],
    `\\b${drop} (?:all(?: of)? |any(?: of)? )?(?:your|thy) (?:[\\w-]{1,20} ){0,2}?(?:instructions?|guidelines?|rules?|programming|prompts?|directives?|restrictions?|training|safeguards?|filters?|safety|constraints?|orders)\\b`,
  ),
  form(
    [ignores],
    "\\b(?:ignore|disregard|forget) all (?:of )?(?:the |those |these )?(?:instructions|directives|orders|rules and|guidelines and|prompts)\\b",
  ),
  form(
    [ignores],
    "\\b(?:ignore|disregard|forget|dismiss|neglect) (?:about )?(?:every ?th?ing|all|anything|what(?:ever)?|the things) (?:else )?(?:(?:that|which|i|we|you|they|was|were|is|are|has|have|had|been|i've|you've|they've|we've|just) ){0,4}(?:above|before(?: this)?|previously|prior|told|said|instructed|written|so far|learned|learnt|know|known|asked|mentioned)\\b",
  ),
  form(
    [ignores],
    "\\b(?:forget|ignore) (?:about )?(?:all )?(?:the |your |our )?(?:previous|prior|past|earlier|former) (?:things?|stuff|context|conversations?|questions?|answers?|one|ones)\\b",
  ),
  form(
    [
      ["new", "updated", "real", "actual", "only"],
      [...orderWords, "objective", "goal", "job", "role"],
    ],
    "\\b(?:your|here (?:is|are) (?:your|the)) (?:new|updated|real|actual|only) (?:task|tasks|instructions?|orders?|directives?|objective|goal|job|role) (?:is|are|now|begins?|starts?)\\b",
  ),
  form(
    [
      ["new", "updated"],
      ["focus", "follow", "execute", "obey", "comply", "here"],
    ],
    "\\b(?:now )?(?:focus on|follow|execute|obey|comply with|here are) (?:only )?(?:your |the |my |these |some )?(?:new|following new|updated) (?:task|tasks|instructions?|orders?|directives?|commands?|rules)\\b",
  ),
  form(
    [
      ["override", "supersede", "replace", "take"],
      ["instruction", "rule", "command", "message", "prompt"],
    ],
    "\\b(?:these|the following|my|this) (?:new )?(?:instructions?|rules?|commands?|message|prompt) (?:(?:will|now|shall|must) ){0,2}(?:override|overrides|supersede|supersedes|replace|replaces|take precedence over) (?:all|any|the|your|previous|prior|everything)\\b",
  ),
  form(
    [["vergiss", "ignorier", "missachte"]],
    "\\b(?:vergiss|vergessen sie|ignoriere?|ignorieren sie|missachte|missachten sie) (?:[\\p{L}]{1,16} ){0,4}?(?:anweisung\\p{L}*|instruktion\\p{L}*|aufgaben?|vorherig\\p{L}*|bisherig\\p{L}*|davor|zuvor|vorgaben|regeln)",
  ),
  form(
    [["ignor", "olvid", "descarta", "haz", "esque", "desconsidere", "dimentica", "oubli", "tiens"]],
    "\\b(?:ignora|ignore|ignorar|olvida|olvide|descarta|haz caso omiso de|esqueça|esqueca|desconsidere|dimentica|oublie|oubliez|ignorez|ne tiens pas compte d\\p{L}*) (?:[\\p{L}']{1,16} ){0,5}?(?:instrucciones|anteriores|instruções|instrucoes|istruzioni|consignes|instructions précédentes|précédentes|directives précédentes)",
  ),
  form(
    [ignores],
    "\\b(?:ignore|disregard) (?:all )?(?:of )?(?:the )?(?:above|preceding|foregoing)(?= ?[.!,;:\\n]| and\\b| ignore\\b| instead\\b| text\\b|$)",
  ),
  form(
    [ignores],
    "\\b(?:forget|ignore|disregard) (?:about )?(?:every ?thing|all)(?= ?[.!,;:]? (?:and|write|say|print|just|tell|now|answer|only|instead|listen)\\b)",
  ),
  form(
    [ignores, orderWords],
    "\\bforget (?:about )?all (?:of )?(?:the |your |these )?(?:assignments|tasks|instructions|orders|information|rules)\\b",
  ),
  form([ignores], "\\bignore the [\\w-]{1,20} and (?:state|say|print|output|write|respond|reply|answer)\\b"),
  form(
    [["leave"], ["behind"]],
    "\\bleave (?:all )?(?:the |your |these )?(?:previous|prior|earlier) (?:[\\w-]{1,20} ){1,2}behind\\b",
  ),
  form(
    [["your"], ["change", "replace", "rewrite", "update", "modify"]],
    "\\b(?:change|replace|rewrite|update|modify) your (?:system )?(?:instructions|prompt|rules|programming|guidelines) (?:to|with|so|as|and)\\b",
  ),
  form(
    [["further", "new"], orderWords],
    "\\b(?:now )?(?:further|new) (?:tasks|instructions|orders) (?:now )?(?:follow|are following|are followed|will follow|are coming)\\b",
  ),
  form(
    [["vergiss", "vergesst", "ignorier"]],
    "\\b(?:vergiss|vergesst|ignoriere?) (?:[\\p{L}]{1,16} ){0,3}?(?:alles|befehle|aufträge|anweisungen|informationen)(?![\\p{L}])",
  ),
  form(
    [["folgen"]],
    "\\b(?:nun|jetzt|es) folgen (?:nun |jetzt )?(?:neue|weitere) (?:anweisungen|aufgaben|instruktionen|befehle)",
  ),
  form(
    [["olvid", "oublie", "oubliez", "esque", "dimentica"]],
    "\\b(?:olvida|olvide|olvidar|oubliez?|esqueça|dimentica) (?:todo|todas?|tout|toutes|tudo|tutto|tutte) (?:[\\p{L}']{1,12} ){0,2}(?:que|lo|instructions|instrucciones|consignes|anterior|ce|sabes|dicho|digo)",
  ),
  {
    needs: [[anyOther]],
    pattern:
      /(?:忽略|无视|無視|忘记|忘掉)[^。！？\n]{0,12}(?:指令|指示|提示|规则|規則)|(?:指示|命令|プロンプト)を(?:すべて|全て)?無視|(?:이전|위의|모든)[^.!?\n]{0,8}(?:지시|명령)[^.!?\n]{0,6}무시|(?<!\p{L})(?:игнорир|забуд)\p{L}*\s(?:\p{L}+\s){0,3}?(?:инструкци|указани|команд)\p{L}*|تجاهل[^.!?\n]{0,16}(?:التعليمات|الأوامر)/giu,
  },
];
