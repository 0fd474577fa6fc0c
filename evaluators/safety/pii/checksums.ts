/** The Luhn formula (ISO/IEC 7812-1, annex B), over digits. */
export function hasLuhnChecksum(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, double = false; at >= 0; at -= 1, double = !double) {
    const value = Number(digits[at]) * (double ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** The sum of the first digits, each times its weight. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
}

/** ISO/IEC 7064, MOD 11,10: the German tax number. */
export function hasMod1110Checksum(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) product = (((Number(digit) + product) % 10 || 10) * 2) % 11;
  return (11 - product) % 10 === Number(digits.at(-1));
}

const dihedral = [
  "0123456789",
  "1234067895",
  "2340178956",
  "3401289567",
  "4012395678",
  "5987604321",
  "6598710432",
  "7659821043",
  "8765932104",
  "9876543210",
];
const permuted = [
  "0123456789",
  "1576283094",
  "5803796142",
  "8916043527",
  "9453126870",
  "4286573901",
  "2793806415",
  "7046913258",
];

/** Verhoeff's scheme over the dihedral group of order ten (J. Verhoeff, 1969): the Aadhaar number. */
export function hasVerhoeffChecksum(digits: string): boolean {
  let check = 0;
  [...digits].toReversed().forEach((digit, at) => {
    const moved = Number(permuted[at % 8]?.[Number(digit)]);
    check = Number(dihedral[check]?.[moved]);
  });
  return check === 0;
}
