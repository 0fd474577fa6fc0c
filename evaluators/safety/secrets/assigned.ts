import type { SecretForm } from "./issued.ts";

const gap = "[ \\t]{0,3}\\n?[ \\t]{0,8}";
const names =
  "api[_ -]?key|secret(?:[_ -]?key)?|access[_ -]?key(?:[_ -]?id)?|auth[_ -]?token|access[_ -]?token|refresh[_ -]?token|client[_ -]?secret|account[_ -]?key|shared[_ -]?access[_ -]?key|signing[_ -]?key|encryption[_ -]?key|private[_ -]?key|webhook[_ -]?secret|api[_ -]?token|bot[_ -]?token|session[_ -]?token|token";
const passwords =
  "password|passwd|passphrase|passcode|pwd|passwort|kennwort|mot de passe|contraseña|senha|wachtwoord|密码|密碼|パスワード|비밀번호";

/** Random values that are assigned to a name that says they are secret. */
export const assignedForms: readonly SecretForm[] = [
  {
    kind: "access_token",
    marks: ["earer", "EARER"],
    pattern: /\bbearer[ \t]{1,3}(?<value>[A-Za-z0-9._~+/-]{20,500}=*)/dgi,
    bits: 3.3,
  },
  {
    kind: "password",
    marks: ["asic "],
    pattern: /\bauthorization["']?[ \t]{0,2}[:=][ \t]{0,2}["']?basic[ \t]{1,3}(?<value>[A-Za-z0-9+/]{8,300}={0,2})/dgi,
    bits: 2.5,
  },
  {
    kind: "password",
    marks: ["://"],
    pattern: /(?<![\w+])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{0,64}:(?<value>[^\s:@/]{3,128})@[^\s@/]{1,255}/dgi,
    bits: 1.5,
  },
  {
    kind: "api_key",
    marks: [],
    pattern: new RegExp(
      `(?:\\b|_)(?:${names})\\b["'\`*]{0,3}${gap}(?::=|=>|:|=|\\bis\\b|\\bare\\b)${gap}["'\`]?(?<value>[A-Za-z0-9_+/.=~-]{16,200})`,
      "dgi",
    ),
    bits: 3.3,
  },
  {
    kind: "password",
    marks: [],
    pattern: new RegExp(
      `(?<![a-z])(?:[a-z]{1,20}[_-])?(?:${passwords})["'\`*]{0,3}${gap}(?::=|=>|[:=：]|\\bis\\b|\\bist\\b|\\best\\b|\\bes\\b)${gap}["'\`]?(?<value>[^\\s"'\`,;<>(){}[\\]。]{7,127}[^\\s"'\`,;<>(){}[\\]。.])`,
      "dgi",
    ),
    bits: 2.5,
  },
];
/** Without one of these words nothing is assigned to a secret's name. */
export const secretNamesHint = new RegExp(`key|token|secret|${passwords}`, "i");
