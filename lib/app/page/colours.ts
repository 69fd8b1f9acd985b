/** Red, green, blue of 0…1. */
export type Colour = readonly [number, number, number];

/** Okabe and Ito's colours (2008), and a pink, by what they stand for; all stand out from grey. */
export const COLOURS = {
  pick: "#56b4e9",
  label: "#e69f00",
  fresh: "#ff7ce5",
  ignore: "#f5f5f5",
  cursor: "#ffffff",
} as const;

/** Colours of what a person has added, by class from 1. */
export const CLASS_COLOURS = ["#f0e442", "#d55e00", "#cc79a7", "#009e73", "#4477ff", "#bbbbbb"];

/** Colour of a class; those above six begin again. */
export function classColour(classNumber = 1): string {
  return CLASS_COLOURS[(classNumber - 1) % CLASS_COLOURS.length];
}

/** A colour as numbers. */
export function rgb(colour: string): Colour {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  return [r, g, b];
}
