/** Reads a JSON object piece by piece and knows when it is whole, without reading anything twice. */
export interface ObjectScan {
  add(text: string): void;
  /** True once something has been opened. */
  hasBegun(): boolean;
  /** True once the brace that opened the object has been closed. */
  isWhole(): boolean;
}

export function createObjectScan(): ObjectScan {
  let depth = 0;
  let hasBegun = false;
  let isWhole = false;
  let isInString = false;
  let isEscaped = false;
  const readInString = (character: string): void => {
    if (isEscaped) isEscaped = false;
    else if (character === "\\") isEscaped = true;
    else if (character === '"') isInString = false;
  };
  const readOutside = (character: string): void => {
    if (character === '"') isInString = true;
    else if (character === "{" || character === "[") {
      depth += 1;
      hasBegun = true;
    } else if (character === "}" || character === "]") {
      depth -= 1;
      if (depth === 0) isWhole = true;
    }
  };
  return {
    add(text) {
      for (const character of text) (isInString ? readInString : readOutside)(character);
    },
    hasBegun: () => hasBegun,
    isWhole: () => isWhole,
  };
}
