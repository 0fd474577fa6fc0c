interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Of stretches that stand in the order of a text and do not overlap, those that share something with the one from `start`
 * to `end`. Takes no longer the more of them there are elsewhere: a long answer has thousands.
 */
export function overlapping<S extends Stretch>(stretches: readonly S[], start: number, end: number): readonly S[] {
  let [first, high] = [0, stretches.length];
  while (first < high) {
    const middle = Math.floor((first + high) / 2);
    if ((stretches[middle]?.end ?? start) > start) high = middle;
    else first = middle + 1;
  }
  let last = first;
  while ((stretches[last]?.start ?? end) < end) last += 1;
  return stretches.slice(first, last);
}
