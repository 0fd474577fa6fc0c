export interface InParallelOptions {
  /** Pieces of work at a time. */
  readonly concurrency: number;
  /** `input`: results in the order of what they are made of. `completed`: as they come. */
  readonly order: "input" | "completed";
  /** Results that may wait behind one that takes long before no more work begins; only with the order `input`. */
  readonly ahead: number;
  /** Ends the iteration with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does work on each item, several at a time, and yields the results. Nothing is read and nothing begun that the reader does not
 * make room for, so memory stays flat over any number of items. Work that rejects ends the iteration.
 */
export async function* inParallel<Item, Result>(
  items: AsyncIterator<Item>,
  work: (item: Item) => Promise<Result>,
  options: InParallelOptions,
): AsyncGenerator<Result, void, undefined> {
  const { signal } = options;
  const state = createState(items, work, options);
  const takeTurns = createTurns();
  const onAbort = () => state.fail(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    while (state.hasMore()) {
      state.readWhereThereIsRoom();
      const slot = state.takeFinished();
      if (slot) yield slot.result;
      else await state.change();
      await takeTurns();
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    state.leave();
  }
}

type Slot<Result> = { isFinished: false } | { isFinished: true; readonly result: Result };

function createState<Item, Result>(
  items: AsyncIterator<Item>,
  work: (item: Item) => Promise<Result>,
  { concurrency, order, ahead }: InParallelOptions,
) {
  const mostSlots = order === "input" ? Math.max(ahead, concurrency) : concurrency;
  const slots: Slot<Result>[] = [];
  let failure: { readonly error: unknown } | undefined;
  let running = 0;
  let isReading = false;
  let isAtEnd = false;
  let wake = (): void => {};

  const fail = (error: unknown): void => {
    failure ??= { error };
    wake();
  };
  const begin = (item: Item): void => {
    const slot: Slot<Result> = { isFinished: false };
    slots.push(slot);
    running += 1;
    work(item)
      .then((result) => {
        running -= 1;
        Object.assign(slot, { isFinished: true, result });
        wake();
      })
      .catch(fail);
  };
  return {
    fail,
    /** Throws what an item, a piece of work or the signal failed with. */
    hasMore(): boolean {
      if (failure) throw failure.error;
      return !isAtEnd || slots.length > 0;
    },
    readWhereThereIsRoom(): void {
      if (isReading || isAtEnd || running >= concurrency || slots.length >= mostSlots) return;
      isReading = true;
      items
        .next()
        .then((next) => {
          isReading = false;
          if (next.done) isAtEnd = true;
          else begin(next.value);
          wake();
        })
        .catch(fail);
    },
    takeFinished: () => takeFinished(slots, order),
    change: () => (failure ? Promise.resolve() : new Promise<void>((done) => (wake = done))),
    leave(): void {
      // Not waited for: a source that waits for more may never answer.
      if (!isAtEnd) void items.return?.().catch(() => {});
    },
  };
}

function takeFinished<Result>(slots: Slot<Result>[], order: InParallelOptions["order"]) {
  const at = order === "input" ? 0 : slots.findIndex(({ isFinished }) => isFinished);
  const slot = slots[at];
  if (!slot?.isFinished) return undefined;
  slots.splice(at, 1);
  return slot;
}

/** Time after which others get a turn, in milliseconds. */
const turnMs = 20;

/** Lets timers and signals have their turn now and then: work that is code alone would keep them waiting to the end. */
function createTurns(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < turnMs) return;
    await new Promise((next) => setImmediate(next));
    began = performance.now();
  };
}
