import fc from "fast-check";
import { expect, test } from "vitest";
import { openSpanStore } from "../../../tracing/index.ts";
import { otlpRequest, type SpanInput, traceIdOf } from "../../support/otlp-builder.ts";

const everything = { startMin: 0n, startMax: 2n ** 62n, limit: 100_000 };

/** Long values that differ only in the middle have one fingerprint. */
const twins = ["a", "b"].map((middle) => `${"x".repeat(300)}${middle}${"y".repeat(300)}`);
const text = fc.constantFrom("", "a", "b", "true", "1", ...twins);
const attributes = fc.dictionary(fc.constantFrom("k1", "k2", "k3"), text);
const spans = fc.array(
  fc.record({
    trace: fc.constantFrom("1", "2", "3", "4", "5"),
    attributes,
    eventAttributes: attributes,
    linkAttributes: attributes,
  }),
  { maxLength: 12 },
);

test("the index finds exactly the traces that a look at every span finds, the last received first", () => {
  fc.assert(
    fc.property(spans, attributes, fc.dictionary(fc.constantFrom("k1", "r1"), text), (written, wanted, resource) => {
      const store = openSpanStore({ path: ":memory:", retentionMs: Infinity });
      const numbered = written.map((span, index): SpanInput => ({ ...span, span: `${index + 1}` }));
      for (const span of numbered) store.ingest(otlpRequest({ resource, spans: [span] }));
      const matches = (span: SpanInput) =>
        Object.entries(wanted).every(([key, value]) =>
          [span.attributes, span.eventAttributes, span.linkAttributes, resource].some((each) => each?.[key] === value),
        );
      const received = [...new Set(numbered.map(({ trace }) => trace))].toReversed();
      const expected = received.filter((trace) => numbered.some((span) => span.trace === trace && matches(span)));
      const found = store.find({ ...everything, attributes: wanted });
      store.close();
      expect(found).toEqual(expected.map(traceIdOf));
    }),
    { numRuns: 150 },
  );
});

test("order and limit hold over thousands of traces", () => {
  const store = openSpanStore({ path: ":memory:", retentionMs: Infinity });
  const all = Array.from({ length: 3000 }, (_, index) => index);
  const span = (index: number): SpanInput => ({
    trace: index.toString(16),
    span: `${index + 1}`,
    attributes: { rare: index % 500 === 0, common: "yes" },
  });
  store.ingest(otlpRequest({ spans: all.map(span) }));
  // A late span of an old trace does not make the trace a new one.
  store.ingest(otlpRequest({ spans: [{ trace: "3", span: "9999", attributes: { rare: true } }] }));
  const ids = (indexes: readonly number[]) => indexes.map((index) => traceIdOf(index.toString(16)));
  expect(store.find({ ...everything, attributes: { rare: "true" } })).toEqual(ids([2500, 2000, 1500, 1000, 500, 3, 0]));
  expect(store.find({ ...everything, attributes: { rare: "true", common: "yes" }, limit: 2 })).toEqual(
    ids([2500, 2000]),
  );
  expect(store.find({ ...everything, attributes: {}, limit: 1500 })).toEqual(ids(all.toReversed().slice(0, 1500)));
  store.close();
});
