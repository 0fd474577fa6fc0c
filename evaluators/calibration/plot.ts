/** A line, or points with their intervals, in the units of the axes. */
export interface Series {
  readonly name: string;
  readonly points: readonly PlotPoint[];
  /** Points only, or a line through them. */
  readonly kind: "line" | "points";
}

export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  /** Ends of the interval of `y`. */
  readonly low?: number;
  readonly high?: number;
}

export interface Axis {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
}

export interface Plot {
  readonly title: string;
  /** For those who cannot see it: what it shows, in words and numbers. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Lines to compare with: where perfect would be, what all calls would give. */
  readonly guides?: readonly { readonly from: readonly [number, number]; readonly to: readonly [number, number] }[];
}

const size = { width: 640, height: 440, left: 64, right: 20, top: 44, bottom: 56 };
/** Readable on white and on black: the middle of both in contrast, colours that differ in lightness too (Okabe and Ito 2008). */
const ink = "#7a7a7a";
const colours = ["#3b82c4", "#d9822b", "#2a9d72", "#b5569b"];
const dashes = ["", "7 4", "2 4", "9 3 2 3"];

/** A plot as the text of an SVG file: transparent, with a title and a description for screen readers. */
export function toSvg(plot: Plot): string {
  const { width, height } = size;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="13" fill="${ink}">`,
    `<title id="title">${escaped(plot.title)}</title>`,
    `<desc id="description">${escaped(plot.description)}</desc>`,
    `<text x="${size.left}" y="24" font-size="16" font-weight="600">${escaped(plot.title)}</text>`,
    ...grid(plot),
    ...guides(plot),
    ...plot.series.flatMap((series, at) => drawn(plot, series, at)),
    ...legend(plot),
    "</svg>",
    "",
  ].join("\n");
}

function grid({ x, y }: Plot): readonly string[] {
  const [left, right, bottom, top] = [size.left, size.width - size.right, size.height - size.bottom, size.top];
  return [
    ...x.ticks.flatMap((tick) => [
      line([across(x, tick), bottom], [across(x, tick), top], 'stroke-opacity="0.25"'),
      `<text x="${across(x, tick)}" y="${bottom + 18}" text-anchor="middle">${tick}</text>`,
    ]),
    ...y.ticks.flatMap((tick) => [
      line([left, up(y, tick)], [right, up(y, tick)], 'stroke-opacity="0.25"'),
      `<text x="${left - 8}" y="${up(y, tick) + 4}" text-anchor="end">${tick}</text>`,
    ]),
    `<text x="${(left + right) / 2}" y="${size.height - 14}" text-anchor="middle">${escaped(x.label)}</text>`,
    `<text transform="translate(16 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(y.label)}</text>`,
  ];
}

function guides({ x, y, guides: given = [] }: Plot): readonly string[] {
  return given.map(({ from, to }) =>
    line([across(x, from[0]), up(y, from[1])], [across(x, to[0]), up(y, to[1])], 'stroke-dasharray="4 4"'),
  );
}

function drawn({ x, y }: Plot, { points, kind }: Series, at: number): readonly string[] {
  const { colour, dash } = lookOf(at);
  const places = points.map((point) => ({ ...point, left: across(x, point.x), top: up(y, point.y) }));
  const bars = places.flatMap(({ left, low, high }) =>
    low === undefined || high === undefined
      ? []
      : [`<path d="M${left} ${up(y, low)}V${up(y, high)}" stroke="${colour}" stroke-opacity="0.55" stroke-width="2"/>`],
  );
  const path = `<path d="M${places.map(({ left, top }) => `${left} ${top}`).join("L")}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`;
  const dots = places.map(({ left, top }) => `<circle cx="${left}" cy="${top}" r="4" fill="${colour}"/>`);
  return [...bars, ...(kind === "points" ? dots : places.length > 0 ? [path] : [])];
}

function legend({ series }: Plot): readonly string[] {
  const named = [...series.entries()].filter(([, { name }]) => name !== "");
  return named.flatMap(([index, { name, kind }], at) => {
    const top = size.height - size.bottom - 14 - 20 * (named.length - 1 - at);
    const { colour, dash } = lookOf(index);
    const mark =
      kind === "points"
        ? `<circle cx="${size.left + 24}" cy="${top - 4}" r="4" fill="${colour}"/>`
        : `<path d="M${size.left + 12} ${top - 4}h24" stroke="${colour}" stroke-width="2"${dash}/>`;
    return [mark, `<text x="${size.left + 44}" y="${top}">${escaped(name)}</text>`];
  });
}

function lookOf(index: number): { readonly colour: string; readonly dash: string } {
  const dash = dashes[index % dashes.length] ?? "";
  return { colour: colours[index % colours.length] ?? ink, dash: dash && ` stroke-dasharray="${dash}"` };
}

function across({ from, to }: Axis, value: number): number {
  return round(size.left + ((value - from) / (to - from)) * (size.width - size.left - size.right));
}

function up({ from, to }: Axis, value: number): number {
  return round(size.height - size.bottom - ((value - from) / (to - from)) * (size.height - size.top - size.bottom));
}

function line([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number], look: string): string {
  return `<path d="M${x1} ${y1}L${x2} ${y2}" stroke="${ink}" ${look}/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
