import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { suspicionsIn } from "../../evaluators/judge/suspicion.ts";
import { attackForms, rewordings } from "./attack-forms.ts";
import {
  type AttackedWorld,
  type Cell,
  type CellResult,
  marker,
  places,
  rubrics,
  startAttackedWorld,
} from "./attacked-gateway.ts";
import { ordinaryTexts } from "./ordinary-texts.ts";
import { resultTables } from "./result-tables.ts";
import { echoes, obedient, orderIn } from "./weak-judges.ts";

const page = new URL("../../docs/guard-attacks.md", import.meta.url);

const attacked = attackForms.flatMap((attack) => places.map((place) => ({ attack, place })));
const both = [false, true];
/** Everything as a whole reply; as streams those that a stream could change: judges that repeat what was examined, and quotations. */
const streamedEchoes = new Set(["echo_examined", "repeat_data"]);
const echoCells: readonly Cell[] = attacked.flatMap((where) =>
  echoes.flatMap((judge) =>
    both
      .filter((stream) => !stream || streamedEchoes.has(judge.id))
      .map((stream) => ({ ...where, judge, quotes: "none" as const, stream })),
  ),
);
const obedientCells: readonly Cell[] = attacked.flatMap((where) =>
  obedient.flatMap((judge) =>
    rubrics.flatMap((quotes) =>
      both.filter((stream) => !stream || quotes === "context").map((stream) => ({ ...where, judge, quotes, stream })),
    ),
  ),
);

let world: AttackedWorld;
let echoed: readonly CellResult[];
let obeyed: readonly CellResult[];

beforeAll(async () => {
  world = await startAttackedWorld();
  echoed = await world.ask(echoCells);
  obeyed = await world.ask(obedientCells);
}, 240_000);

afterAll(() => world.close());

/** As a person would name them, so that a failure says which. */
const named = (results: readonly CellResult[]) =>
  results.map(({ cell: { attack, place, judge, quotes, stream }, outcome }) =>
    [attack.name, place, judge.id, quotes, stream ? "stream" : "whole", outcome].join(", "),
  );

/** The answer holds nothing that a judge would be shown. */
const isPreScreened = ({ cell: { attack, place } }: CellResult) => attack.alone === true && place === "answer";

/** Pieces of the withheld answer, and of what talked to the judge. */
const mustNotShow = ({ cell: { attack } }: CellResult) => [
  marker,
  JSON.stringify(attack.text.slice(0, 24)).slice(1, -1),
];

describe("a judge that repeats its prompt, or JSON out of it", () => {
  test("reaches no verdict, whatever the examined text says to it", () => {
    const judged = echoed.filter((result) => !isPreScreened(result));
    expect(named(judged.filter(({ outcome }) => outcome !== "error"))).toEqual([]);
    expect(judged.length).toBe((attackForms.length * places.length - 2) * (echoes.length + streamedEchoes.size));
  });

  test("is not asked at all about an answer that holds nothing to judge", () => {
    const screened = echoed.filter(isPreScreened);
    expect(named(screened.filter(({ outcome }) => outcome !== "abstained"))).toEqual([]);
    expect(screened.length).toBe(2 * (echoes.length + streamedEchoes.size));
  });

  test("lets not one byte of the answer through", () => {
    expect(named(echoed.filter(({ verdict }) => verdict !== "block"))).toEqual([]);
    const leaky = echoed.filter((result) => mustNotShow(result).some((piece) => result.received.includes(piece)));
    expect(named(leaky)).toEqual([]);
  });
});

describe("a judge that obeys the examined text", () => {
  const isAttackOn = ({ cell: { attack } }: CellResult) => orderIn([attack.text]) !== undefined;

  test("obeys every attack but the one that says nothing about judging", () => {
    const harmless = attackForms.filter(({ text }) => orderIn([text]) === undefined).map(({ name }) => name);
    expect(harmless).toEqual(["an announcement and no answer"]);
  });

  test("is believed where the rubric asks for no quotation, which nothing here can prevent", () => {
    const free = obeyed.filter(
      (result) =>
        result.cell.quotes === "none" &&
        result.cell.judge.id !== "honest" &&
        isAttackOn(result) &&
        !isPreScreened(result),
    );
    const stopped = free.filter(({ outcome }) => outcome !== "pass");
    expect(new Set(stopped.map(({ cell }) => cell.attack.name))).toEqual(new Set(["a criterion that is waved away"]));
  });

  test("is believed in nothing that it cannot show where the rubric asks for a quotation", () => {
    const silent = obeyed.filter(({ cell }) => cell.judge.id === "obeys_silently" && cell.quotes !== "none");
    expect(named(silent.filter(({ outcome }) => outcome === "pass"))).toEqual([]);
    const quoting = obeyed.filter(
      ({ cell }) => cell.judge.id === "obeys_quoting" && cell.quotes === "context" && cell.place !== "context",
    );
    const through = quoting.filter(({ outcome }) => outcome === "pass");
    expect(new Set(through.map(({ cell }) => cell.attack.name))).toEqual(new Set(["an order to quote a passage"]));
  });

  test("lets nothing of an answer through that is blocked", () => {
    const blocked = obeyed.filter(({ verdict }) => verdict === "block");
    const leaky = blocked.filter((result) => mustNotShow(result).some((piece) => result.received.includes(piece)));
    expect(named(leaky)).toEqual([]);
    expect(named(obeyed.filter(({ verdict, outcome }) => (verdict === "allow") !== (outcome === "pass")))).toEqual([]);
  });

  test("has the same result for a whole reply and for a stream", () => {
    const stands = ({ outcome, suspected }: CellResult) => [outcome, ...suspected].join(" ");
    const [whole, streamed] = both.map((stream) =>
      obeyed.filter(({ cell }) => cell.stream === stream && cell.quotes === "context").map(stands),
    );
    expect(streamed).toEqual(whole);
  });
});

test("an honest judge fails the answer however it is talked to", () => {
  const honest = obeyed.filter((result) => result.cell.judge.id === "honest" && !isPreScreened(result));
  expect(honest.length).toBeGreaterThan(500);
  expect(named(honest.filter(({ outcome }) => outcome !== "fail"))).toEqual([]);
});

test("no examined text writes a line that could be a marker, or hides anything from whoever reads the prompt", () => {
  const prompts = world.judge.calls.map(({ messages }) => messages.at(-1)?.content ?? "");
  expect(prompts.length).toBeGreaterThan(2000);
  const wrong = prompts.filter((prompt) => {
    const marks = prompt.match(/<\/?sample-[^>]*>/g) ?? [];
    const [open = "", close] = marks;
    return marks.length !== 2 || close !== `</${open.slice(1)}` || /[\p{Cf}\p{Co}]/u.test(prompt);
  });
  expect(wrong).toEqual([]);
});

describe("what seems aimed at the judge", () => {
  const unknown = ["praise that orders nothing", "an announcement and no answer"];

  test("is marked on the span and in the reason, in every place and whatever came of it", () => {
    const all = [...echoed, ...obeyed];
    const unmarked = all.filter(({ suspected }) => suspected.length === 0);
    expect(new Set(unmarked.map(({ cell }) => cell.attack.name))).toEqual(new Set(unknown));
    const silent = all.filter(
      ({ suspected, reason }) =>
        suspected.length > 0 !== reason.includes("The examined text seems to address the judge"),
    );
    expect(named(silent)).toEqual([]);
  });

  test("is told to the client from whom the answer is withheld", () => {
    const told = [...echoed, ...obeyed].filter(({ verdict, suspected }) => verdict === "block" && suspected.length > 0);
    expect(named(told.filter(({ received }) => !received.includes("seems to address the judge")))).toEqual([]);
  });

  test("is marked as well on a verdict that is known already, which stays what it was", async () => {
    const cells = obedientCells.filter(({ judge, stream }) => judge.id === "obeys_quoting" && !stream);
    const asked = world.judge.calls.length;
    const again = await world.ask(cells.filter(({ attack }) => attack.name !== "a criterion that is waved away"));
    const cached = again.filter((result) => !isPreScreened(result));
    expect(named(cached.filter(({ isCached }) => !isCached))).toEqual([]);
    expect(world.judge.calls.length).toBe(asked);
    const before = new Map(obeyed.map((result) => [named([result])[0], result]));
    for (const result of again) {
      const { outcome, reason, suspected } = before.get(named([result])[0]) ?? {};
      expect(result).toMatchObject({ outcome, reason, suspected });
    }
  });
});

test("docs/guard-attacks.md says what happened: run this file with -u", async () => {
  const marked = async (texts: readonly string[]) => {
    const found = await Promise.all(texts.map((text) => suspicionsIn([text])));
    return { marked: found.filter((kinds) => kinds.length > 0).length, of: texts.length };
  };
  const texts = { rewordings: await marked(rewordings), ordinary: await marked(ordinaryTexts) };
  const [before = "", after = ""] = readFileSync(page, "utf8").split(
    /(?<=<!-- attacks: vitest -u -->\n)[\s\S]*(?=<!-- end -->)/,
  );
  const tables = resultTables(echoed, obeyed, texts);
  await expect(`${before}\n${tables}\n\n${after}`).toMatchFileSnapshot(page.pathname);
});
