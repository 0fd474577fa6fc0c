import type { KnownForm } from "./known-form.ts";

/** Marks by which systems tell their own words from those of users. */
export const delimiterForms: readonly KnownForm[] = [
  {
    needs: [["<"]],
    pattern:
      /<\|(?:im_start|im_end|im_sep|system|user|assistant|endoftext|eot_id|begin_of_text|start_header_id|end_header_id|endofprompt)\|>/giu,
  },
  { needs: [["<", "["]], pattern: /\[\/?INST\]|<<\/?SYS>>|<(?:start|end)_of_turn>/giu },
  {
    needs: [["<"]],
    pattern: /<\/?(?:system|system[_-]?prompt|system[_-]?message|developer[_-]?message|system[_-]?instructions?)>/giu,
  },
  {
    needs: [[":"]],
    pattern:
      /^[ \t#*>[=-]{0,8}(?:system|admin|administrator|developer)[ _-]?(?:prompt|message|override|instructions?|note|command|update|directive)s?[\])]?[ \t*#]{0,4}:/gimu,
  },
  {
    needs: [[":"]],
    pattern: /^[ \t]{0,4}#{2,4}[ \t]*(?:system|instruction|instructions|assistant|new instructions?)[ \t]*:/gimu,
  },
  {
    needs: [["-", "=", "*", "#", "<", "["]],
    pattern:
      /[-=*#<[]{2,10}[ \t]{0,3}(?:end|begin|start|stop) (?:of )?(?:the )?(?:system |user |previous |original )?(?:prompt|instructions?|input|context|message|conversation|data|document)s?[ \t]{0,3}[-=*#>\]]{2,10}/giu,
  },
];
