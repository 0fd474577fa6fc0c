/** A question with the passages to answer it from, and an answer that keeps to them. */
export interface Case {
  readonly system: string;
  readonly question: string;
  /** About 4 KB together. */
  readonly context: readonly string[];
  /** About 1 KB, in sentences of 10 to 25 tokens. */
  readonly reply: string;
}

/**
 * The case of a number, always the same. Two numbers share words and forms of sentences but hardly a sentence, so that nothing
 * which remembers sentences or verdicts answers for an evaluator.
 */
export function caseOf(number: number): Case {
  const pick = createPick(number);
  const products = Array.from({ length: 8 }, () => productOf(pick));
  return {
    system: "You answer questions about the products of a shop. Keep to the passages that you are given.",
    question: `Which of the eight products of order ${number} should I take? Answer in at least 5 sentences and at most 300 words. Do not use exclamation marks.`,
    context: products.map(passageAbout),
    reply: filled([opening, ...products.map(told)], products.map(toldAgain)),
  };
}

/** As a vendor would cut it: words with the space before them, numbers, marks. */
export function tokensOf(text: string): readonly string[] {
  return text.match(/ ?[A-Za-z]+| ?\d{1,3}|[^A-Za-z\d]/g) ?? [];
}

/** So many tokens of answers, one after the other; `sentences` has the number of each token's sentence. */
export function longReply(number: number, length: number): { tokens: readonly string[]; sentences: readonly number[] } {
  const tokens: string[] = [];
  const sentences: number[] = [];
  let sentence = 0;
  for (let next = number; tokens.length < length; next += 1) {
    for (const told of caseOf(next).reply.split(/(?<=\.)(?= )/)) {
      for (const token of tokensOf(sentence > 0 && !told.startsWith(" ") ? ` ${told}` : told)) {
        tokens.push(token);
        sentences.push(sentence);
      }
      sentence += 1;
    }
  }
  return { tokens: tokens.slice(0, length), sentences: sentences.slice(0, length) };
}

interface Product {
  readonly name: string;
  readonly maker: string;
  readonly town: string;
  readonly warehouse: string;
  readonly grams: number;
  readonly price: number;
  readonly hour: number;
  readonly days: number;
  readonly months: number;
}

type Pick = <T>(from: readonly T[]) => T;

function productOf(pick: Pick): Product {
  const between = (least: number, most: number): number => least + (pick(thousand) % (most - least + 1));
  return {
    name: `${pick(kinds)} ${pick(things)}`,
    maker: pick(makers),
    town: pick(towns),
    warehouse: pick(towns),
    grams: between(110, 990),
    price: between(19, 890),
    hour: between(9, 17),
    days: between(2, 9),
    months: between(12, 60),
  };
}

function passageAbout({ name, maker, town, warehouse, grams, price, hour, days, months }: Product): string {
  return [
    `The ${name} is made by ${maker} in ${town}, weighs ${grams} grams and costs ${price} euros in the shop and online.`,
    `Orders for the ${name} placed before ${hour}:00 leave the warehouse in ${warehouse} on the same working day.`,
    `From ${warehouse} a parcel with the ${name} takes ${days} working days within the country and two more to an island.`,
    `The warranty of the ${name} lasts ${months} months and begins on the day of delivery.`,
    `Who sends the ${name} back to ${maker} within 30 days gets all ${price} euros back to the same account.`,
  ].join(" ");
}

const opening = "Here is what the passages say about your products and how long you would have to wait for them.";

function told({ name, maker, town, warehouse, grams, price, hour, days }: Product, index: number): string {
  const forms = [
    `The ${name} costs ${price} euros, weighs ${grams} grams and is made by ${maker} in ${town}.`,
    `A parcel with the ${name} takes ${days} working days from ${warehouse}.`,
    `The warehouse in ${warehouse} sends orders for the ${name} placed before ${hour}:00 on the same working day.`,
    `You get all ${price} euros back to the same account when you send the ${name} back to ${maker} within 30 days.`,
  ] as const;
  return forms[index % forms.length] ?? forms[0];
}

function toldAgain({ name, months }: Product): string {
  return `The warranty of the ${name} begins on the day of delivery and lasts ${months} months.`;
}

/** All of `first`, and of `more` what it takes to come to a kilobyte. */
function filled(first: readonly string[], more: readonly string[]): string {
  let text = first.join(" ");
  for (const each of more) {
    if (text.length + each.length / 2 < 1024) text += ` ${each}`;
  }
  return text;
}

/** The same numbers for the same seed (mulberry32). */
function createPick(seed: number): Pick {
  let state = Math.imul(seed + 1, 0x9e37_79b1);
  return (from) => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const chosen = from[((mixed ^ (mixed >>> 14)) >>> 0) % from.length];
    if (chosen === undefined) throw new RangeError("Nothing to pick from.");
    return chosen;
  };
}

const thousand = Array.from({ length: 1000 }, (_, index) => index);
const kinds = "oak walnut copper linen ceramic folding wooden steel wool glass slate bamboo velvet marble cork".split(
  " ",
);
const things = "lamp shelf kettle blanket chair stool clock mirror basket tray vase bench cushion rack bowl".split(" ");
const makers = "Nordwald Halbrook Serrano Lindgren Okafor Tanaka Bellamy Kowalski Moreau Ferreira Haugen Costa".split(
  " ",
);
const towns = "Lisbon Bremen Porto Ghent Turin Aarhus Lyon Graz Bergen Leeds Malmo Utrecht Basel Krakow Tampere".split(
  " ",
);
