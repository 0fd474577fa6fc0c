/** Letters of other scripts that look like Latin ones (after the confusables of Unicode TS 39), one code unit for one. */
const lookalikes: ReadonlyMap<string, string> = new Map([
  ...pairs("авеёкмнорстухіїјѕԁԛԝӏѡьғһԍ", "abeekmhopctyxiijsdqwlwbfhg"),
  ...pairs("АВЕКМНОРСТУХІЈЅԌԚԜҮ", "ABEKMHOPCTYXIJSGQWY"),
  ...pairs("αεικνορτυχγηωϲϳ", "aeikvoptuxynwcj"),
  ...pairs("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ", "ABEZHIKMNOPTYXC"),
  ...pairs("ıɡɩʀɪɢɴʙʜʟʏᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜰꜱɑƖǀ", "igirignbhlyacdejkmoptuvwzfsall"),
  ...pairs("օոհսց", "onhug"),
]);
const candidate = /[\u0131-\u0261\u0269-\u02af\u0370-\u03ff\u0400-\u058f\u1d00-\u1d22\ua730\ua731]/;

/**
 * The text with look-alike letters as Latin ones, offsets kept. A word that has a letter of its own script, and none of the
 * Latin one, is a word of that script and stays.
 */
export function asLatin(text: string): string {
  if (!candidate.test(text)) return text;
  return text.replaceAll(/\p{L}+/gu, (word) => (candidate.test(word) && isDisguised(word) ? latin(word) : word));
}

function isDisguised(word: string): boolean {
  return /[a-z]/i.test(word) || Array.from(word).every((letter) => lookalikes.has(letter));
}

function latin(word: string): string {
  return Array.from(word, (letter) => lookalikes.get(letter) ?? letter).join("");
}

function pairs(from: string, to: string): [string, string][] {
  const target = Array.from(to);
  return Array.from(from, (letter, at) => [letter, target[at] ?? letter]);
}
