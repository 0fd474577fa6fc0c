import { createHash } from "node:crypto";

/** What sessions are shared out among: labels are distinct. */
interface Weighted {
  readonly label: string;
  readonly weight: number;
}

/**
 * The target of a session: the same one for as long as it is among `targets`, and over many sessions as often as the weights say.
 * A target that is added takes its share from all others, and one that is away gives its sessions to all others and gets
 * them back. (Rendezvous hashing with weights: the highest of weight / -ln(hash) wins.)
 */
export function stickyTarget<Each extends Weighted>(targets: readonly Each[], session: string): Each {
  const [first, ...others] = targets;
  if (!first) throw new RangeError("An alias has at least one target.");
  let best = { target: first, score: scoreOf(first, session) };
  for (const target of others) {
    const score = scoreOf(target, session);
    if (score > best.score) best = { target, score };
  }
  return best.target;
}

function scoreOf({ label, weight }: Weighted, session: string): number {
  return weight / -Math.log(unitHash(`${session}\n${label}`));
}

/** A number above 0 and below 1 that is always the same for the same text and evenly spread over different ones. */
export function unitHash(text: string): number {
  const bits = createHash("sha256").update(text).digest().readUIntBE(0, 6);
  return (bits + 0.5) / 2 ** 48;
}
