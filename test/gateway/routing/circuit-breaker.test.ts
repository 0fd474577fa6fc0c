import { describe, expect, test } from "vitest";
import { type BreakerStore, createMemoryBreakerStore } from "../../../gateway/routing/circuit-breaker.ts";

const rules = { failures: 3, window: 10_000, open_for: 5000 };

/** A breaker whose clock the test moves. */
function startBreaker() {
  const clock = { now: 1_000_000 };
  const store: BreakerStore = createMemoryBreakerStore(() => clock.now);
  const call = async (outcome: "answered" | "failed" | "nothing") => {
    const { mayCall, state } = await store.enter("t", rules);
    if (mayCall) await store.leave("t", rules, { outcome, isProbe: state === "half_open" });
    return state;
  };
  return { clock, store, call, enter: () => store.enter("t", rules) };
}

describe("a circuit breaker", () => {
  test("opens after so many failures within its window, and says when to come back", async () => {
    const { call, enter, clock } = startBreaker();
    for (const outcome of ["failed", "failed"] as const) expect(await call(outcome)).toBe("closed");
    expect(await enter()).toEqual({ state: "closed", mayCall: true, retryAfterMs: 0 });
    await call("failed");
    clock.now += 1500;
    expect(await enter()).toEqual({ state: "open", mayCall: false, retryAfterMs: 3500 });
  });

  test("stays closed while at least half of the calls are answered", async () => {
    const { call } = startBreaker();
    const outcomes = ["answered", "answered", "answered", "answered", "failed", "failed", "failed", "failed"] as const;
    for (const outcome of outcomes.slice(0, 7)) expect(await call(outcome)).toBe("closed");
    expect(await call("failed")).toBe("closed");
    expect(await call("answered")).toBe("open");
  });

  test("forgets failures that are older than its window", async () => {
    const { call, clock } = startBreaker();
    await call("failed");
    await call("failed");
    clock.now += rules.window + 1;
    await call("failed");
    expect(await call("failed")).toBe("closed");
    await call("failed");
    expect(await call("answered")).toBe("open");
  });

  test("counts neither for nor against a call that says nothing about the provider", async () => {
    const { call } = startBreaker();
    for (let index = 0; index < 20; index += 1) expect(await call("nothing")).toBe("closed");
    for (let index = 0; index < 3; index += 1) await call("failed");
    expect(await call("answered")).toBe("open");
  });

  test("lets one call find out whether the provider is back, and closes when it is", async () => {
    const { call, enter, store, clock } = startBreaker();
    for (let index = 0; index < 3; index += 1) await call("failed");
    clock.now += rules.open_for;
    expect(await enter()).toEqual({ state: "half_open", mayCall: true, retryAfterMs: 0 });
    expect(await enter()).toEqual({ state: "half_open", mayCall: false, retryAfterMs: rules.open_for });
    await store.leave("t", rules, { outcome: "answered", isProbe: true });
    expect(await enter()).toMatchObject({ state: "closed", mayCall: true });
    await call("failed");
    expect(await call("failed")).toBe("closed");
  });

  test("opens again for as long when that call fails", async () => {
    const { call, enter, clock } = startBreaker();
    for (let index = 0; index < 3; index += 1) await call("failed");
    clock.now += rules.open_for;
    expect(await call("failed")).toBe("half_open");
    expect(await enter()).toEqual({ state: "open", mayCall: false, retryAfterMs: rules.open_for });
  });

  test("lets another find out when the first said nothing, or was never heard of again", async () => {
    const { call, enter, store, clock } = startBreaker();
    for (let index = 0; index < 3; index += 1) await call("failed");
    clock.now += rules.open_for;
    await enter();
    await store.leave("t", rules, { outcome: "nothing", isProbe: true });
    expect(await enter()).toMatchObject({ mayCall: true });
    expect(await enter()).toMatchObject({ mayCall: false });
    clock.now += rules.open_for;
    expect(await enter()).toMatchObject({ state: "half_open", mayCall: true });
  });

  test("is not closed or opened by what was sent before it opened", async () => {
    const { call, enter, store, clock } = startBreaker();
    for (let index = 0; index < 3; index += 1) await call("failed");
    clock.now += 1000;
    await store.leave("t", rules, { outcome: "failed", isProbe: false });
    await store.leave("t", rules, { outcome: "answered", isProbe: false });
    expect(await enter()).toEqual({ state: "open", mayCall: false, retryAfterMs: rules.open_for - 1000 });
  });

  test("is one for each target", async () => {
    const { call, store } = startBreaker();
    for (let index = 0; index < 3; index += 1) await call("failed");
    expect(await store.enter("other", rules)).toMatchObject({ state: "closed", mayCall: true });
  });
});
