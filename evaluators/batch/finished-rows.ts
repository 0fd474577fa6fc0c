/** Rows that are finished, eight bytes each, so that a million of them are eight megabytes. */
export interface FinishedRows {
  readonly size: number;
  /** False when the row is finished already. `hash` is 16 hexadecimal digits. */
  add(row: number, hash: string): boolean;
  compare(row: number, hash: string): "unknown" | "same" | "other";
}

const rowsPerBlock = 4096;

export function createFinishedRows(): FinishedRows {
  const blocks = new Map<number, BigUint64Array>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(row, hash) {
      const at = Math.floor(row / rowsPerBlock);
      const block = blocks.get(at) ?? new BigUint64Array(rowsPerBlock);
      if (block[row % rowsPerBlock] !== 0n) return false;
      block[row % rowsPerBlock] = toNumber(hash);
      blocks.set(at, block);
      size += 1;
      return true;
    },
    compare(row, hash) {
      const known = blocks.get(Math.floor(row / rowsPerBlock))?.[row % rowsPerBlock] ?? 0n;
      if (known === 0n) return "unknown";
      return known === toNumber(hash) ? "same" : "other";
    },
  };
}

/** Zero marks what is not there. */
function toNumber(hash: string): bigint {
  return BigInt(`0x${hash}`) || 1n;
}
