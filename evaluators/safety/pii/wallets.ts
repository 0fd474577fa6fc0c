import { createHash } from "node:crypto";
import { type Detection, matchesOf } from "../detection.ts";

const base58 = /(?<![A-Za-z0-9])[13][1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])/g;
const bech32 = /(?<![A-Za-z0-9])bc1[02-9ac-hj-np-z]{11,71}(?![A-Za-z0-9])/g;
const hexadecimal = /(?<![A-Za-z0-9])0x[0-9a-fA-F]{40}(?![A-Za-z0-9])/g;

/** Finds addresses of wallets: base58 and bech32 by their checksums, hexadecimal ones by their form. */
export function findWallets(text: string): Detection[] {
  const found = [
    ...matchesOf(text, base58, "crypto_wallet").filter(({ start, end }) => hasBase58Checksum(text.slice(start, end))),
    ...matchesOf(text, bech32, "crypto_wallet").filter(({ start, end }) => hasBech32Checksum(text.slice(start, end))),
  ];
  return text.includes("0x") ? [...found, ...matchesOf(text, hexadecimal, "crypto_wallet")] : found;
}

const base58Letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Twenty-one bytes and the first four of their double SHA-256. */
function hasBase58Checksum(address: string): boolean {
  let value = 0n;
  for (const letter of address) value = value * 58n + BigInt(base58Letters.indexOf(letter));
  const hex = value.toString(16);
  if (hex.length > 50) return false;
  const bytes = Buffer.from(hex.padStart(50, "0"), "hex");
  const digest = sha256(sha256(bytes.subarray(0, 21)));
  return digest.subarray(0, 4).equals(bytes.subarray(21));
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

const bech32Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** The BCH code of BIP 173, with the constant of BIP 350 as well. */
function hasBech32Checksum(address: string): boolean {
  const prefix = [3, 3, 0, 2, 3];
  const data = Array.from(address.slice(3), (letter) => bech32Letters.indexOf(letter));
  let check = 1;
  for (const value of [...prefix, ...data]) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of generators.entries()) if ((top >>> bit) & 1) check ^= generator;
  }
  return check === 1 || check === 0x2bc830a3;
}
