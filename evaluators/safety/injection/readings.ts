import { withoutAccents, withoutGaps, withoutLeet, withoutMirror, withoutRotation } from "./disguises.ts";
import { decodedPassages, withoutEscapes } from "./encodings.ts";
import { placeIn, type Place, type View } from "./view.ts";
import { unmask } from "./unmask.ts";

/** A way to read a text: what it says then, and where a passage of that stands in the text. */
export interface Reading {
  readonly text: string;
  place(passage: Place): Place;
}

/** How often one disguise inside another is undone. */
const layers = 2;

/**
 * The other ways in which a model may read a text: escapes and encodings undone, digits read as letters, spelled words put
 * together, ROT13, backwards; and one of these inside another. The text itself is not among them.
 */
export function otherReadings(text: string, depth = layers): Reading[] {
  return viewsOf(text).flatMap((view) => {
    const reading: Reading = { text: view.text, place: (passage) => placeIn(view, passage) };
    const deeper = depth > 1 ? otherReadings(view.text, depth - 1) : [];
    return [reading, ...deeper.map((inner) => within(reading, inner))];
  });
}

function within(outer: Reading, inner: Reading): Reading {
  return { text: inner.text, place: (passage) => outer.place(inner.place(passage)) };
}

function viewsOf(text: string): View[] {
  const views = [
    withoutEscapes(text),
    withoutLeet(text, "i"),
    withoutLeet(text, "l"),
    withoutGaps(text),
    withoutAccents(text),
    withoutRotation(text),
    withoutMirror(text),
    ...decodedPassages(text).map(visible),
  ];
  return views.filter((view) => view !== undefined);
}

/** What was hidden in an encoding may hide characters in turn. */
function visible(view: View): View {
  const unmasked = unmask(view.text);
  if (unmasked.text === view.text) return view;
  const start = view.starts[0] ?? 0;
  const end = view.ends[0] ?? 0;
  return {
    text: unmasked.text,
    starts: new Uint32Array(unmasked.text.length).fill(start),
    ends: new Uint32Array(unmasked.text.length).fill(end),
  };
}
