import { domainToUnicode } from "node:url";

const scripts: readonly RegExp[] = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Cherokee}/u,
];
/** Letters of other scripts that look like Latin ones: a name of nothing else is a disguise. */
const disguises = /^[аеорсухіјѕԁԛԝһӏвкмнтαοινρτυκχԍցոսօ\d-]+$/u;

/** Whether a host mixes scripts within a name, or writes a Latin-looking name in letters of another one. */
export function isLookAlike(host: string): boolean {
  const shown = domainToUnicode(host) || host;
  return shown.split(".").some((label) => mixesScripts(label) || (/[^\x20-\x7e]/.test(label) && disguises.test(label)));
}

function mixesScripts(label: string): boolean {
  return scripts.filter((script) => script.test(label)).length > 1;
}
