/**
 * The id of a tool call as the messages dialect allows it: letters, digits, `_` and `-`. Other characters are written as
 * their numbers, so that a call and its result keep the same id and two ids stay two.
 */
export function toToolUseId(id: string): string {
  return id.replace(/[^a-zA-Z0-9_-]/gu, (character) => `_${character.codePointAt(0)?.toString(16)}_`);
}

/** Ids for the calls of the old `function_call`, which had none: a result belongs to the last call before it. */
export function createFunctionCallIds(): { next(): string; last(): string } {
  let count = 0;
  const id = (): string => `call_function_${count}`;
  return {
    next() {
      count += 1;
      return id();
    },
    last: id,
  };
}
