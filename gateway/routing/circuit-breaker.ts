/** When a target is left alone for a while; times in milliseconds. */
export interface BreakerRules {
  /** So many failures within `window`, if they are at least half of the calls, open it. */
  readonly failures: number;
  readonly window: number;
  readonly open_for: number;
}

/** How a call went: an answer of any kind, a failure of the provider, or nothing that says anything about the provider. */
export type CallOutcome = "answered" | "failed" | "nothing";

export type BreakerState = "closed" | "open" | "half_open";

/** Whether a call may go. In half-open state a few may, to find out whether the provider is back. */
export interface BreakerDecision {
  readonly state: BreakerState;
  readonly mayCall: boolean;
  /** Until the next call may go; 0 when this one may. */
  readonly retryAfterMs: number;
}

/** Where the state of circuit breakers is kept, by target. Whoever is let in says how it went, once. */
export interface BreakerStore {
  enter(target: string, rules: BreakerRules): Promise<BreakerDecision>;
  /** `isProbe` is true for a call that was let in half open. */
  leave(
    target: string,
    rules: BreakerRules,
    call: { readonly outcome: CallOutcome; readonly isProbe: boolean },
  ): Promise<void>;
}

/** So many calls find out at the same time whether a provider is back. */
const mostProbes = 1;

/** A window is counted in so many slices, and the oldest slice falls out whole. */
export const slicesPerWindow = 10;

interface Circuit {
  /** Calls and failures of each slice of time, by its number. */
  readonly slices: Map<number, { calls: number; failures: number }>;
  /** When probes may begin; undefined while closed. */
  openUntil: number | undefined;
  /** When the probes that are under way began; one that is never heard of again gives its place back after `open_for`. */
  probes: number[];
}

/** Breakers of one process. `now` is in milliseconds. */
export function createMemoryBreakerStore(now: () => number = Date.now): BreakerStore {
  const circuits = new Map<string, Circuit>();
  const circuitOf = (target: string): Circuit => {
    const known = circuits.get(target);
    if (known) return known;
    const circuit: Circuit = { slices: new Map(), openUntil: undefined, probes: [] };
    circuits.set(target, circuit);
    return circuit;
  };
  return {
    enter: async (target, rules) => decide(circuitOf(target), rules, now()),
    leave: async (target, rules, { outcome, isProbe }) => {
      const circuit = circuitOf(target);
      if (isProbe) settleProbe(circuit, rules, outcome, now());
      else if (outcome !== "nothing") count(circuit, rules, outcome === "failed", now());
    },
  };
}

function decide(circuit: Circuit, rules: BreakerRules, now: number): BreakerDecision {
  if (circuit.openUntil === undefined) return { state: "closed", mayCall: true, retryAfterMs: 0 };
  if (now < circuit.openUntil) return { state: "open", mayCall: false, retryAfterMs: circuit.openUntil - now };
  circuit.probes = circuit.probes.filter((began) => now - began < rules.open_for);
  const [oldest = now] = circuit.probes;
  if (circuit.probes.length >= mostProbes)
    return { state: "half_open", mayCall: false, retryAfterMs: oldest + rules.open_for - now };
  circuit.probes.push(now);
  return { state: "half_open", mayCall: true, retryAfterMs: 0 };
}

function settleProbe(circuit: Circuit, rules: BreakerRules, outcome: CallOutcome, now: number): void {
  circuit.probes.shift();
  if (outcome === "nothing" || circuit.openUntil === undefined) return;
  circuit.slices.clear();
  circuit.openUntil = outcome === "failed" ? now + rules.open_for : undefined;
  if (outcome === "answered") circuit.probes = [];
}

function count(circuit: Circuit, rules: BreakerRules, isFailure: boolean, now: number): void {
  // What was sent before it opened and comes in now says nothing new.
  if (circuit.openUntil !== undefined) return;
  const current = Math.floor(now / (rules.window / slicesPerWindow));
  for (const slice of circuit.slices.keys()) if (slice <= current - slicesPerWindow) circuit.slices.delete(slice);
  const slice = circuit.slices.get(current) ?? { calls: 0, failures: 0 };
  slice.calls += 1;
  if (isFailure) slice.failures += 1;
  circuit.slices.set(current, slice);
  if (!isFailure) return;
  const all = [...circuit.slices.values()];
  const calls = all.reduce((sum, each) => sum + each.calls, 0);
  const failures = all.reduce((sum, each) => sum + each.failures, 0);
  if (failures >= rules.failures && failures * 2 >= calls) circuit.openUntil = now + rules.open_for;
}
