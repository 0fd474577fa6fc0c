/**
 * Quantile of the standard normal distribution, to about 16 digits (Wichura 1988, algorithm AS 241, PPND16). Minus and plus
 * infinity at 0 and 1, NaN outside.
 */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) return Number.NaN;
  const centred = probability - 0.5;
  if (Math.abs(centred) <= 0.425) {
    const r = 0.180625 - centred ** 2;
    return (centred * polynomial(centre.above, r)) / polynomial(centre.below, r);
  }
  const tail = Math.min(probability, 1 - probability);
  if (tail === 0) return centred < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-Math.log(tail));
  const { from, above, below } = r <= 5 ? near : far;
  return (Math.sign(centred) * polynomial(above, r - from)) / polynomial(below, r - from);
}

/** Coefficients of AS 241, highest power first. */
const centre = {
  above: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  below: [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
};
const near = {
  from: 1.6,
  above: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  below: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
};
const far = {
  from: 5,
  above: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  below: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
};

function polynomial(coefficients: readonly number[], at: number): number {
  return coefficients.reduce((sum, coefficient) => sum * at + coefficient, 0);
}

/** Quantile of the beta distribution with positive shapes, by halving: exact to the last digits of a double. */
export function betaQuantile(probability: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let middle = 0.5; middle > low && middle < high; middle = (low + high) / 2) {
    if (betaProbability(middle, a, b) < probability) low = middle;
    else high = middle;
    // Near zero, doubles go on for a thousand halvings that nobody can see.
    if (high - low < 1e-16) break;
  }
  return (low + high) / 2;
}

/** Regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22). */
export function betaProbability(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side only; the other follows from I_x(a, b) = 1 - I_{1-x}(b, a).
  if (x > (a + 1) / (a + b + 2)) return 1 - betaProbability(1 - x, b, a);
  const logFactor = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  return (Math.exp(logFactor) / a) * continuedFraction(x, a, b);
}

/** Evaluates the fraction from the top (the modified method of Lentz, Thompson and Barnett 1986). */
function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let above = 1;
  let below = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = below;
  for (let m = 1; m <= mostTerms(a, b); m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    below = 1 / away(1 + even * below);
    above = away(1 + even / above);
    fraction *= below * above;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    below = 1 / away(1 + odd * below);
    above = away(1 + odd / above);
    fraction *= below * above;
    if (Math.abs(below * above - 1) < 1e-16) break;
  }
  return fraction;
}

/** It needs a number of terms that grows with the root of the larger shape. */
function mostTerms(a: number, b: number): number {
  return 200 + 10 * Math.ceil(Math.sqrt(Math.max(a, b)));
}

/** Logarithm of the gamma function of a positive number (Lanczos 1964, with the coefficients of Godfrey for g = 7, n = 9). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const sum = lanczos.reduce(
    (total, coefficient, at) => total + (at === 0 ? coefficient : coefficient / (shifted + at)),
    0,
  );
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

const lanczos = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];
