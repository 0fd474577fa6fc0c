/** What a word may have to do with harm, in English. No slur is among them: those are known by their hashes and by `obscenity`. */
export const harmMarks: Readonly<Record<string, string>> = {
  people:
    "women woman girls girl females men blacks black whites white asians asian latinos jews jew jewish muslims muslim islam christians hindus immigrants immigrant migrants refugees foreigners mexicans africans arabs gays gay lesbians lesbian homosexuals trans transgender queer disabled cripples elderly minorities race races religion poor homeless",
  hate: "hate hates hated hating despise detest loathe disgust disgusts disgusting disgusted sick sickening repulsive abhor",
  belittle:
    "inferior subhuman vermin rats rat animals animal pigs pig dogs monkeys monkey apes scum trash garbage filth filthy dirty worthless useless stupid dumb idiots idiot morons moron imbecile ugly freaks freak parasites parasite disease plague cancer savages savage criminals evil lazy liars loser losers pathetic retarded weak",
  kill: "kill kills killed killing murder murdered murdering shoot shooting stab stabbed strangle slaughter massacre execute exterminate eradicate annihilate destroy hang hanged hanging burn burned lynch behead gas gassed bomb die dead death genocide",
  hurt: "hurt beat beaten beating punch punched kick slap torture tortured rape raped raping attack assault choke whip violence violent blood bleeding wound gun guns knife knives weapon weapons fight",
  drive: "deport deported ban banned expel remove removed eliminate leave belong away out send gone rid locked",
  self: "myself suicide suicidal cutting overdose overdosing pills hanging starve starving anorexia bulimia noose wrists jump bridge",
  sexual:
    "sex sexual sexy sexually naked nude nudes breasts breast nipples penis vagina orgasm orgasms erotic aroused horny masturbate masturbating porn pornography moan moaned moaning thrust thrusting lust kinky fetish seduce seduced undress undressed stripped strip virgin intercourse blowjob clit",
  young:
    "child children kid kids boy girl teen teenage teenager teens minor minors underage young daughter son schoolgirl schoolboy little student pupil sister brother twelve thirteen fourteen fifteen",
  wish: "should must deserve deserves deserved need needs want wish hope gonna going will would let",
  you: "you your yours yourself u ur youre",
  me: "i me my mine",
  they: "they them their those these",
  all: "all every any always never only no nothing",
  deny: "not don dont never no isn aren doesn cannot without nobody none",
  report:
    "said says saying called wrote article study report history law police court news research statistics according against stop prevent support help",
};

let lookup: ReadonlyMap<string, readonly string[]> | undefined;
const none: readonly string[] = [];

/** The marks of a word in lower case; most words have none. */
export function harmMarksOf(text: string): readonly string[] {
  lookup ??= readMarks();
  return lookup.get(text) ?? none;
}

function readMarks(): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, string[]>();
  for (const [mark, list] of Object.entries(harmMarks)) {
    for (const word of new Set(list.split(" "))) words.set(word, [...(words.get(word) ?? []), mark]);
  }
  return words;
}
