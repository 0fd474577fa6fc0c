import type { RequestListener } from "node:http";
import type { Gateway } from "../gateway/index.ts";
import { webListener } from "./web-listener.ts";

/** The gateway that takes requests, and those before it that still have some under way. */
export interface Traffic {
  readonly answer: RequestListener;
  /** From now on `next` takes the requests. The one before finishes its own and is closed after the last. */
  replace(next: Gateway): void;
  /** New requests are refused from now on. */
  refuse(): void;
  /** Ends what is still under way, in every gateway, with an error in its dialect. */
  cutOff(): void;
  /** For when no request is under way any more: lets work after replies finish, and closes every gateway. */
  close(): Promise<void>;
}

/** Directs requests to a gateway that can be replaced while it serves. */
export function directTraffic(first: Gateway): Traffic {
  let current = takeUp(first);
  const leaving = new Map<Promise<void>, Gateway>();
  let refusing = false;
  return {
    answer: (incoming, outgoing) => current.answer(incoming, outgoing),
    replace(next) {
      const before = current;
      current = takeUp(next);
      if (refusing) next.refuse();
      const closed = before.idle().then(() => before.gateway.close());
      leaving.set(closed, before.gateway);
      void closed.finally(() => leaving.delete(closed));
    },
    refuse() {
      refusing = true;
      current.gateway.refuse();
    },
    cutOff() {
      for (const gateway of [...leaving.values(), current.gateway]) gateway.cutOff();
    },
    async close() {
      await Promise.all([...leaving.keys(), current.gateway.close()]);
    },
  };
}

/** A gateway with a count of its requests. */
interface Shift {
  readonly gateway: Gateway;
  readonly answer: RequestListener;
  /** Resolves when no request is under way. Asked for once no more will come. */
  idle(): Promise<void>;
}

function takeUp(gateway: Gateway): Shift {
  let underWay = 0;
  let onIdle = (): void => {};
  const throughApp = webListener((request, node) => gateway.app.fetch(request, node));
  return {
    gateway,
    answer(incoming, outgoing) {
      underWay += 1;
      outgoing.on("close", () => {
        underWay -= 1;
        if (underWay === 0) onIdle();
      });
      if (!gateway.answerDirectly(incoming, outgoing)) throughApp(incoming, outgoing);
    },
    idle: () =>
      new Promise((done) => {
        onIdle = done;
        if (underWay === 0) done();
      }),
  };
}
