import { type Detection, matchesOf } from "../detection.ts";

const colons = /(?<![\w:.-])[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?![\w:-]|\.\w)/gi;
const hyphens = /(?<![\w:.-])[0-9a-f]{2}(?:-[0-9a-f]{2}){5}(?![\w:-]|\.\w)/gi;
/** No device and every device. */
const nobody = /^(?:00[:-]){5}00$|^(?:ff[:-]){5}ff$/i;

/** Finds the hardware addresses of network devices. */
export function findMacAddresses(text: string): Detection[] {
  return [...matchesOf(text, colons, "mac_address"), ...matchesOf(text, hyphens, "mac_address")].filter(
    ({ start, end }) => !nobody.test(text.slice(start, end)) && /\d/.test(text.slice(start, end)),
  );
}
