import { predictionPowered, roganGladen } from "../../evaluators/calibration/pass-rate.ts";
import { type Interval, seededRandom, wilsonInterval } from "../../evaluators/calibration/statistics.ts";
import { driftFigures } from "./drift-alarms.ts";
import type { Figure, Measure } from "./figure.ts";

/**
 * How often the 95 % interval of the estimated pass rate holds the true one, and how often the drift monitor is right, over
 * simulated judges and batches.
 */
export const coverage: Measure = {
  name: "coverage",
  reads: [],
  run: () =>
    Promise.resolve([...methods.flatMap((method) => figuresOf(method, simulateAll(method))), ...driftFigures()]),
};

const simulations = 2000;

/** A judge with known rates, a batch with a known share of good rows, and how many labelled rows there are. */
interface World {
  readonly truePass: number;
  readonly trueFail: number;
  readonly prevalence: number;
  readonly batch: number;
  readonly labelled: number;
}

const judges = [
  { truePass: 0.8, trueFail: 0.7 },
  { truePass: 0.9, trueFail: 0.8 },
  { truePass: 0.95, trueFail: 0.95 },
];
const sizes = [
  { batch: 500, labelled: 200 },
  { batch: 2000, labelled: 100 },
  { batch: 10_000, labelled: 400 },
];
const worlds: readonly World[] = judges.flatMap((judge) =>
  [0.1, 0.3, 0.5, 0.8, 0.95].flatMap((prevalence) => sizes.map((size) => ({ ...judge, prevalence, ...size }))),
);

type Random = () => number;

interface Method {
  readonly name: string;
  readonly labelled: string;
  estimate(world: World, random: Random): Interval | null;
}

const methods: readonly Method[] = [
  {
    name: "Rogan-Gladen",
    labelled: "labelled rows apart from the batch, half of them good",
    estimate({ truePass, trueFail, labelled, ...world }, random) {
      const half = labelled / 2;
      const known = {
        goodRows: half,
        goodPassed: draw(random, half, truePass),
        badRows: half,
        badFailed: draw(random, half, trueFail),
      };
      return roganGladen(drawBatch({ truePass, trueFail, labelled, ...world }, random), known).interval;
    },
  },
  {
    name: "prediction-powered",
    labelled: "labelled rows drawn from the batch",
    estimate(world, random) {
      const observed = drawBatch(world, random);
      const good = draw(random, world.labelled, world.prevalence);
      const goodPassed = draw(random, good, world.truePass);
      const bad = world.labelled - good;
      const badFailed = draw(random, bad, world.trueFail);
      const gold = { goodPassed, goodFailed: good - goodPassed, badPassed: bad - badFailed, badFailed };
      return predictionPowered(observed, gold).interval;
    },
  },
];

function drawBatch({ truePass, trueFail, prevalence, batch }: World, random: Random) {
  const good = draw(random, batch, prevalence);
  const passed = draw(random, good, truePass) + draw(random, batch - good, 1 - trueFail);
  return { passed, failed: batch - passed };
}

function draw(random: Random, trials: number, probability: number): number {
  let successes = 0;
  for (let at = 0; at < trials; at += 1) successes += random() < probability ? 1 : 0;
  return successes;
}

interface Simulated {
  readonly world: World;
  readonly covered: number;
  readonly refused: number;
}

function simulateAll(method: Method): readonly Simulated[] {
  return worlds.map((world, at) => {
    const random = seededRandom(at + 1);
    let [covered, refused] = [0, 0];
    for (let round = 0; round < simulations; round += 1) {
      const interval = method.estimate(world, random);
      if (interval === null) refused += 1;
      else if (interval[0] <= world.prevalence && world.prevalence <= interval[1]) covered += 1;
    }
    return { world, covered, refused };
  });
}

function figuresOf({ name, labelled }: Method, simulated: readonly Simulated[]): readonly Figure[] {
  const given = ({ refused }: Simulated): number => simulations - refused;
  const shareOf = (one: Simulated): number => one.covered / given(one);
  const total = simulated.reduce((sum, one) => sum + given(one), 0);
  const covered = simulated.reduce((sum, one) => sum + one.covered, 0);
  const [low, high] = wilsonInterval(covered, total);
  const sorted = simulated.toSorted((a, b) => shareOf(a) - shareOf(b));
  const outside = simulated.filter((one) => shareOf(one) < 0.93 || shareOf(one) > 0.97).length;
  const refused = simulated.reduce((sum, one) => sum + one.refused, 0);
  const how = `${simulated.length} worlds (judges of .80/.70, .90/.80 and .95/.95 true pass and true fail rate; 10 to 95 % good rows; batches of 500, 2,000 and 10,000 with 200, 100 and 400 ${labelled}), ${simulations} simulations each; nothing fitted. ${refused} of ${refused + total} estimates refused because the judge was too blunt.`;
  const base = { measure: "interval of the estimated pass rate", set: name, rows: total, how };
  const worlds = [sorted.at(0), sorted.at(-1)].flatMap((one, at) => {
    if (!one) return [];
    const [from, to] = wilsonInterval(one.covered, given(one));
    const { world } = one;
    const which = `judge ${world.truePass}/${world.trueFail}, ${100 * world.prevalence} % good, batch ${world.batch}, ${world.labelled} labelled`;
    return {
      ...base,
      rows: given(one),
      metric: at === 0 ? "coverage in the worst world" : "coverage in the most cautious world",
      value: 100 * shareOf(one),
      interval: [100 * from, 100 * to] as const,
      ...(at === 0 ? { floor: 93 } : {}),
      how: `${which}.`,
    };
  });
  const overall = {
    ...base,
    metric: "coverage, all worlds",
    value: (100 * covered) / total,
    interval: [100 * low, 100 * high] as const,
    floor: 93,
    beside: `demanded: 93 to 97; ${outside} of ${simulated.length} worlds lie outside by themselves`,
  };
  return [overall, ...worlds];
}
