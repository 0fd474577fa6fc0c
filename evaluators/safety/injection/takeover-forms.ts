import { form, type KnownForm } from "./known-form.ts";
import { limitWords, unboundWords } from "./shared-words.ts";

const limits =
  "(?:restrictions?|rules?|limits?|limitations?|filters?|filtering|ethics|ethical\\w*|morals?|morality|guidelines?|censorship|safeguards?|constraints?|boundaries|content polic(?:y|ies))";
const unbound = "(?:unrestricted|unfiltered|uncensored|unlimited|unbound|jailbroken|amoral|immoral)";

/** Attempts to give the model another role, or none of its limits. */
export const takeoverForms: readonly KnownForm[] = [
  form([["anything"], ["now"]], "\\bdo anything now\\b"),
  form(
    [unboundWords],
    `\\byou (?:are|will be|shall be|act as) (?:now |going to be |from now on )?(?:an? |the |my )?(?:[\\w-]{1,20} ){0,3}?(?:${unbound}|evil|rogue) (?:[\\w-]{1,20} ){0,2}?(?:ai|a\\.i\\.|assistant|bot|chat ?bot|model|version|machine|entity|language)\\b`,
  ),
  form(
    [
      [
        "act",
        "behave",
        "respond",
        "answer",
        "reply",
        "pretend",
        "role",
        "roleplay",
        "speak",
        "operate",
        "simulate",
        "imagine",
      ],
      [...unboundWords, ...limitWords],
    ],
    `\\b(?:act|behave|respond|answer|reply|pretend|role-?play|speak|operate|simulate|imagine)\\b[^.!?\\n]{0,80}\\b(?:${unbound}|(?:without|with no|free (?:of|from)|has no|have no|had no|not bound by|not have any|ignores?|any lack of) (?:any |all |its |your |usual |the )*(?:[\\w-]{1,20} ){0,2}?${limits}) ?(?:ai|model|bot|assistant|version)?\\b`,
  ),
  form(
    [
      ["bound", "constrained", "limited", "restricted", "governed", "controlled"],
      [...limitWords, "policy", "policies", "programming"],
    ],
    `\\b(?:you are|you're|are) (?:no longer|not|now not|not longer) (?:be )?(?:bound|constrained|limited|restricted|governed|controlled) (?:by|to) (?:[\\w'-]{1,20} ){0,4}?(?:${limits}|polic(?:y|ies)|programming)\\b`,
  ),
  form(
    [["no"], limitWords],
    "\\byou (?:have|possess|follow) no (?:[\\w-]{1,20} ){0,2}?(?:restrictions|limitations|filters|ethical \\w+|moral \\w+|content polic(?:y|ies))\\b",
  ),
  form(
    [["mode"]],
    "\\b(?:you are now in|you're now in|switch(?:ed)? (?:yourself )?(?:in)?to|you will enter|you (?:have )?entered|simulate|act (?:as if|like) you(?:'re| are) in) (?:the )?(?:developer|debug|god|admin|root|sudo|jailbreak|dan|unrestricted|unfiltered|opposite|maintenance) mode\\b",
  ),
  form(
    [["mode"]],
    "\\b(?:developer|god|jailbreak|dan|unrestricted|unfiltered|sudo|evil) mode (?:is )?(?:now )?(?:enabled|activated|engaged|unlocked|active)\\b",
  ),
  form(
    [
      ["dan", "stan", "dude", "aim", "evil", "jailbot"],
      ["act", "pose", "behave", "answer", "respond", "pretend", "acting", "playing"],
    ],
    '\\b(?:act|pose|behave|answer|respond|pretend to be|acting|playing) (?:as |like )?(?:the )?"?(?:dan|stan|dude|aim|evil-?bot|jailbot|evil (?:confidant|trusted confidant))"?(?![\\w\'])(?= ?(?:[.,:;!?\\n]|who|which|and|mode|for|from|$))',
  ),
  form(
    [
      ["from", "henceforth"],
      ["now", "moment", "point", "henceforth"],
    ],
    "\\b(?:from now on|from this (?:moment|point) on|henceforth) (?:you are|you're|you will (?:act|be|respond|answer|pretend|play|only)|you (?:shall|must) (?:act|be|respond|answer|obey|pretend)|(?:act|respond|answer|behave) as)\\b",
  ),
];
