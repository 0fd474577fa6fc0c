/** One thing that happens to a judge's JSON on its way, or that a model does to it. */
export interface Damage {
  readonly name: string;
  /**
   * True where a person still reads one unambiguous, complete answer: nothing of it is missing, doubled or changed, only the
   * way in which it is written. Decided here, before anything is measured.
   */
  readonly harmless: boolean;
  /** The damaged text. `random` is between 0 and 1. */
  apply(json: string, random: () => number): string;
}

function harmless(name: string, apply: Damage["apply"]): Damage {
  return { name, harmless: true, apply };
}

function harmful(name: string, apply: Damage["apply"]): Damage {
  return { name, harmless: false, apply };
}

const pretty = (json: string, indent: number | string) => JSON.stringify(JSON.parse(json), null, indent);
const somewhere = (json: string, random: () => number) => Math.floor(random() * json.length);
/** Replaces what stands outside of double-quoted strings. */
const outside = (json: string, change: (part: string) => string) =>
  json.replace(/("(?:\\.|[^"\\])*")|([^"]+)/g, (_all, quoted?: string, bare?: string) => quoted ?? change(bare ?? ""));
const keys = (json: string, change: (key: string) => string) =>
  json.replace(/"((?:\\.|[^"\\])*)":/g, (_all, key: string) => `${change(key)}:`);
const escapes = (text: string) =>
  [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

/** Every way in which the protocol's JSON is cut, fenced, damaged and repaired. */
export const damages: readonly Damage[] = [
  harmless("untouched", (json) => json),
  harmless("pretty-printed", (json) => pretty(json, 2)),
  harmless("pretty-printed with tabs and CRLF", (json) => pretty(json, "\t").replaceAll("\n", "\r\n")),
  harmless("white space around", (json) => `\n \n${json}\n\n`),
  harmless("byte order mark", (json) => `\uFEFF${json}`),
  harmless("fenced as json", (json) => `\`\`\`json\n${json}\n\`\`\``),
  harmless("fenced without a language", (json) => `\`\`\`\n${pretty(json, 2)}\n\`\`\``),
  harmless("fenced as JSON5, with space around", (json) => `\n\`\`\`JSON5 \n${json}\n\`\`\`\n`),
  harmless("fenced with tildes", (json) => `~~~json\n${json}\n~~~`),
  harmless("fenced on one line", (json) => `\`\`\`json ${json} \`\`\``),
  harmless("trailing comma in the object", (json) => json.replace(/\}$/, ",}")),
  harmless("trailing commas everywhere", (json) => outside(json, (part) => part.replaceAll("}", ",}"))),
  harmless("keys without quotation marks", (json) => keys(json, (key) => key)),
  harmless("keys in single quotation marks", (json) => keys(json, (key) => `'${key}'`)),
  harmless("no comma after the nonce", (json) => json.replace('","', '" "')),
  harmless("line breaks unescaped in the evidence", (json) => json.replaceAll("\\n", "\n").replaceAll("\\t", "\t")),
  harmless("evidence with unescaped quotation marks", (json) => json.replaceAll('\\"', '"')),
  harmless("slashes escaped", (json) => json.replaceAll("/", "\\/")),
  harmless("letters of the verdict escaped", (json) =>
    json.replace(/"(first|second|tie)"/, (_all, verdict: string) => `"${escapes(verdict)}"`),
  ),
  harmless("letters beyond ASCII escaped", (json) => json.replace(/[^ -~]/g, (letter) => escapes(letter))),
  harmless("comment behind the nonce", (json) => json.replace('",', '", // the nonce of this call\n')),
  harmless("comment in front", (json) => json.replace("{", "{ /* verdict */ ")),
  harmless("no-break spaces between the parts", (json) => outside(json, (part) => part.replaceAll(",", ",\u00a0"))),
  harmless("typographic quotation marks around keys", (json) => keys(json, (key) => `“${key}”`)),
  harmless("as a list of entries", (json) => {
    const { nonce, criteria } = JSON.parse(json) as { nonce: string; criteria: Record<string, object> };
    return JSON.stringify({ nonce, criteria: Object.entries(criteria).map(([id, said]) => ({ id, ...said })) });
  }),
  harmless("keys in another order", (json) => {
    const { nonce, criteria } = JSON.parse(json) as { nonce: string; criteria: object };
    return JSON.stringify({ criteria, nonce });
  }),
  harmful("cut off at the end", (json) => json.slice(0, -1)),
  harmful("cut off behind the verdict", (json) => json.slice(0, json.lastIndexOf('"') + 1)),
  harmful("cut off anywhere", (json, random) => json.slice(0, somewhere(json, random))),
  harmful("cut off and closed by the model", (json, random) => `${json.slice(0, somewhere(json, random))}"}}}`),
  harmful("cut off in a fence", (json, random) => `\`\`\`json\n${json.slice(0, somewhere(json, random))}\n\`\`\``),
  harmful("beginning lost", (json, random) => json.slice(1 + somewhere(json.slice(1), random))),
  harmful("a piece lost in the middle", (json, random) => {
    const [from, to] = [somewhere(json, random), somewhere(json, random)].toSorted((a, b) => a - b);
    return json.slice(0, from) + json.slice(Math.max((from ?? 0) + 1, to ?? 0));
  }),
  harmful("a character changed", (json, random) => {
    const at = somewhere(json, random);
    return `${json.slice(0, at)}${'{}[]":,x'.charAt(Math.floor(random() * 8))}${json.slice(at + 1)}`;
  }),
  harmful("prose before", (json) => `Here is my verdict:\n${json}`),
  harmful("prose after", (json) => `${json}\nLet me know if you need more.`),
  harmful("said twice", (json) => `${json}\n${json}`),
  harmful("said twice, the second time otherwise", (json) => `${json}\n${turned(json)}`),
  harmful("the verdict twice, the second otherwise", (json) =>
    json.replace(/"verdict":"(first|second|tie)"/, (all) => `${turned(all)},${all}`),
  ),
  harmful("two verdicts in one", (json) => json.replace(/"(first|second|tie)"/, '"first|second"')),
  harmful("the nonce of another call", (json) => json.replace(/[0-9a-f]{32}/, "0".repeat(32))),
  harmful("the verdict in capitals", (json) =>
    json.replace(/"(first|second|tie)"/, (verdict) => verdict.toUpperCase()),
  ),
];

function turned(json: string): string {
  return json.replace(
    /"verdict":"(first|second)"/,
    (_all, verdict: string) => `"verdict":"${verdict === "first" ? "second" : "first"}"`,
  );
}
