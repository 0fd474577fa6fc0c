import type { Worker } from "node:cluster";
import { type News, news, type Order } from "./worker-orders.ts";

/** Calls `listener` with what a worker says, until the function returned is called. */
export function hear(worker: Worker, listener: (heard: News) => void): () => void {
  const onMessage = (message: unknown): void => {
    const parsed = news.safeParse(message);
    if (parsed.success) listener(parsed.data);
  };
  worker.on("message", onMessage);
  return () => worker.off("message", onMessage);
}

/** A worker that is just ending cannot be told any more; its `exit` follows. */
export function tell(worker: Worker, order: Order): void {
  if (worker.isConnected()) worker.send(order, () => {});
}
