import { jsonFault } from "../../evaluators/index.ts";

/** Deeper than any schema or conversation, and far from where recursion over it would end. */
const deepest = 500;

/** What is wrong with a request although its JSON can be parsed, in words; undefined when nothing is. */
export function faultInJson(json: string): string | undefined {
  const fault = jsonFault(json, deepest);
  if (!fault) return undefined;
  return "repeated" in fault
    ? `an object names ${fault.repeated.slice(0, 80)} twice, so that two readers may read two requests`
    : `it is nested deeper than ${fault.deeperThan} levels`;
}
