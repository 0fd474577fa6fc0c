import { jsonFault } from "../../evaluators/index.ts";

/** Deeper than any schema, conversation or answer that is meant, and shallow enough for code that follows the nesting. */
const deepest = 500;

/** What is wrong with a request although its JSON can be parsed, in words; undefined when nothing is. */
export function faultInRequest(json: string): string | undefined {
  const fault = jsonFault(json, deepest);
  if (!fault) return undefined;
  return "repeated" in fault
    ? `an object names ${fault.repeated.slice(0, 80)} twice, so that two readers may read two requests`
    : `it is nested deeper than ${fault.deeperThan} levels`;
}

/** The same of a provider's reply, which nobody could examine. */
export function faultInReply(json: string): string | undefined {
  const fault = jsonFault(json, deepest);
  if (!fault) return undefined;
  return "repeated" in fault
    ? "names a key twice, so that two readers may read two answers"
    : `is nested deeper than ${fault.deeperThan} levels`;
}
