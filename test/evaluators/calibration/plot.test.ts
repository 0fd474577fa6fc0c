import { expect, test } from "vitest";
import { type Plot, toSvg } from "../../../evaluators/calibration/plot.ts";

const axis = { label: "share", from: 0, to: 1, ticks: [0, 1] };
const plot: Plot = {
  title: "Calls & accuracy <1>",
  description: 'What "it" shows.',
  x: axis,
  y: { ...axis, from: 50, to: 100, ticks: [50, 100] },
  series: [
    {
      name: "80 %",
      kind: "line",
      points: [
        { x: 0, y: 50 },
        { x: 0.5, y: 75, low: 70, high: 80 },
        { x: 1, y: 100 },
      ],
    },
    { name: "90 %", kind: "points", points: [{ x: 0.25, y: 60 }] },
    { name: "100 %", kind: "line", points: [] },
  ],
  guides: [{ from: [0, 50], to: [1, 50] }],
};

test("a plot is an SVG with axes, lines, points, intervals, guides and a legend", () => {
  expect(toSvg(plot)).toMatchInlineSnapshot(`
    "<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 440" role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="13" fill="#7a7a7a">
    <title id="title">Calls &amp; accuracy &lt;1&gt;</title>
    <desc id="description">What "it" shows.</desc>
    <text x="64" y="24" font-size="16" font-weight="600">Calls &amp; accuracy &lt;1&gt;</text>
    <path d="M64 384L64 44" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="64" y="402" text-anchor="middle">0</text>
    <path d="M620 384L620 44" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="620" y="402" text-anchor="middle">1</text>
    <path d="M64 384L620 384" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="56" y="388" text-anchor="end">50</text>
    <path d="M64 44L620 44" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="56" y="48" text-anchor="end">100</text>
    <text x="342" y="426" text-anchor="middle">share</text>
    <text transform="translate(16 214) rotate(-90)" text-anchor="middle">share</text>
    <path d="M64 384L620 384" stroke="#7a7a7a" stroke-dasharray="4 4"/>
    <path d="M342 248V180" stroke="#3b82c4" stroke-opacity="0.55" stroke-width="2"/>
    <path d="M64 384L342 214L620 44" fill="none" stroke="#3b82c4" stroke-width="2"/>
    <circle cx="203" cy="316" r="4" fill="#d9822b"/>
    <path d="M76 326h24" stroke="#3b82c4" stroke-width="2"/>
    <text x="108" y="330">80 %</text>
    <circle cx="88" cy="346" r="4" fill="#d9822b"/>
    <text x="108" y="350">90 %</text>
    <path d="M76 366h24" stroke="#2a9d72" stroke-width="2" stroke-dasharray="2 4"/>
    <text x="108" y="370">100 %</text>
    </svg>
    "
  `);
});

test("a series of no points draws nothing and a fifth one begins the colours again", () => {
  const series = Array.from({ length: 5 }, (_, at) => ({
    name: `s${at}`,
    kind: "points" as const,
    points: [{ x: at / 5, y: 60 }],
  }));
  const drawn = toSvg({ ...plot, series });
  const colours = [...drawn.matchAll(/<circle cx="[\d.]+" cy="[\d.]+" r="4" fill="(#\w+)"/g)].map(
    ([, colour]) => colour,
  );
  expect(colours).toHaveLength(10);
  expect(colours.slice(5)).toEqual(colours.slice(0, 5));
  expect(new Set(colours).size).toBe(4);
  expect(colours[4]).toBe(colours[0]);
});
